import type { Platform } from "./platform.js";

export const local: Platform = {
  name: "local",
  label: "This machine",
  keeps: "Everything stays on this machine's disk",
  home: ({ userHome }) => `${userHome}/pinokiocloud`,
  detect: () => true,
};
