import type { Platform } from "./platform.js";

export const jupyterhub: Platform = {
  name: "jupyterhub",
  label: "JupyterHub",
  keeps: "Your home folder is kept; ask the hub's operator about the rest",
  home: ({ userHome }) => `${userHome}/pinokiocloud`,
  detect: ({ env }) => env["JUPYTERHUB_USER"] !== undefined || env["JUPYTERHUB_API_URL"] !== undefined,
};
