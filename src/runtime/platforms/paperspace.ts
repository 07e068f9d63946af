import type { Platform } from "./platform.js";

export const paperspace: Platform = {
  name: "paperspace",
  label: "Paperspace",
  keeps: "/notebooks and /storage are kept; the rest vanishes with the machine",
  home: ({ userHome }) => `${userHome}/pinokiocloud`,
  detect: ({ env }) => env["PAPERSPACE_NOTEBOOK_REPO_ID"] !== undefined || env["PAPERSPACE_FQDN"] !== undefined,
};
