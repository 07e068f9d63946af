import type { Platform } from "./platform.js";

export const jupyterhub: Platform = {
  name: "jupyterhub",
  label: "JupyterHub",
  keeps: "Your home folder is kept; ask the hub's operator about the rest",
  rules: [
    {
      about: "session",
      text: "When the hub ends your server, it ends everything in your server's container: apps too. When it does that is its operator's choice.",
    },
    { about: "addresses", text: "Apps' pages are reached through Jupyter's proxy, with your login at the hub." },
  ],
  home: ({ userHome }) => `${userHome}/pinokiocloud`,
  detect: ({ env }) => env["JUPYTERHUB_USER"] !== undefined || env["JUPYTERHUB_API_URL"] !== undefined,
};
