import type { Platform } from "./platform.js";

export const lightning: Platform = {
  name: "lightning",
  label: "Lightning AI Studio",
  keeps: "Files in this studio are kept when it sleeps",
  home: () => "/teamspace/studios/this_studio/pinokiocloud",
  detect: ({ env, exists }) =>
    env["LIGHTNING_CLOUDSPACE_HOST"] !== undefined || exists("/teamspace/studios/this_studio"),
};
