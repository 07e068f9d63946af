import type { Platform } from "./platform.js";

export const kaggle: Platform = {
  name: "kaggle",
  label: "Kaggle",
  keeps: "Only /kaggle/working (20 GB) is kept, and only in a saved version; apps live in /kaggle/tmp",
  home: () => "/kaggle/tmp/pinokiocloud",
  vault: ({ exists }) => (exists("/kaggle/working") ? "/kaggle/working" : null),
  detect: ({ env }) => env["KAGGLE_KERNEL_RUN_TYPE"] !== undefined || env["KAGGLE_URL_BASE"] !== undefined,
};
