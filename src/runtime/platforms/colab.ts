import type { Platform } from "./platform.js";

export const colab: Platform = {
  name: "colab",
  label: "Google Colab",
  keeps: "Files on this machine vanish with it; what must stay belongs on your Google Drive",
  home: () => "/content/pinokiocloud",
  vault: ({ exists }) => (exists("/content/drive/MyDrive") ? "/content/drive/MyDrive/PinokioCloud" : null),
  detect: ({ env, exists }) => env["COLAB_RELEASE_TAG"] !== undefined || (exists("/content") && exists("/opt/google")),
};
