import type { Platform } from "./platform.js";

const AS_OF = "November 2026";

export const colab: Platform = {
  name: "colab",
  label: "Google Colab",
  keeps: "Files on this machine vanish with it; what must stay belongs on your Google Drive",
  rules: [
    {
      about: "files",
      text: "No environment and no app's folder belongs on Google Drive: with many small files it runs into time limits and quotas.",
    },
    {
      about: "session",
      text: "The machine is kept while a tab with the notebook is open. How long at most, and when an idle one is taken away, is up to Colab: there is no number to rely on, and PinokioCloud does nothing to prolong it.",
    },
    { about: "session", text: "“Disconnect and delete runtime” ends the machine and everything on it." },
    {
      about: "addresses",
      text: "Colab gives each port an address of its own, which only your login opens. In a tab of its own it has often answered “not found”, and WebSockets did not get through: some apps do not work there.",
      asOf: AS_OF,
    },
    {
      about: "forbidden",
      text: "On all of its machines: web services unrelated to interactive compute, and “connecting to remote proxies”.",
      asOf: AS_OF,
    },
    {
      about: "forbidden",
      text: "Without paid compute units also “bypassing the notebook UI to interact primarily via a web UI”, SSH and remote desktops. Colab's staff confirm that free runtimes with Stable Diffusion web UIs are ended.",
      asOf: AS_OF,
    },
  ],
  policy: {
    id: "colab-1",
    text: "Colab's free tier forbids “bypassing the notebook UI to interact primarily via a web UI”: free machines with Stable Diffusion web UIs are ended. Work in the notebook, or with paid compute units.",
    asOf: AS_OF,
    href: "https://research.google.com/colaboratory/faq.html",
  },
  home: () => "/content/pinokiocloud",
  vault: ({ exists }) => (exists("/content/drive/MyDrive") ? "/content/drive/MyDrive/PinokioCloud" : null),
  detect: ({ env, exists }) => env["COLAB_RELEASE_TAG"] !== undefined || (exists("/content") && exists("/opt/google")),
};
