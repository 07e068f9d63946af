import type { Platform } from "./platform.js";

const AS_OF = "November 2026";

export const kaggle: Platform = {
  name: "kaggle",
  label: "Kaggle",
  keeps: "Only /kaggle/working (20 GB) is kept, and only in a saved version; apps live in /kaggle/tmp",
  rules: [
    {
      about: "addresses",
      text: "Apps' pages are reached through Kaggle's own Jupyter proxy. Their address holds a key to your session: give it to nobody, and leave it in no saved output.",
      asOf: AS_OF,
    },
    {
      about: "addresses",
      text: "Nothing can be added to Kaggle's own pages: PinokioCloud is in the notebook's cells.",
      asOf: AS_OF,
    },
    {
      about: "forbidden",
      text: "Public links of Gradio (share=True) were reported to be banned.",
      asOf: "December 2023",
    },
  ],
  policy: {
    id: "kaggle-1",
    text: "Public links of Gradio (share=True) were reported to be banned on Kaggle in December 2023. The address of an app's page holds a key to your session: give it to nobody.",
    asOf: AS_OF,
    href: null,
  },
  home: () => "/kaggle/tmp/pinokiocloud",
  vault: ({ exists }) => (exists("/kaggle/working") ? "/kaggle/working" : null),
  detect: ({ env }) => env["KAGGLE_KERNEL_RUN_TYPE"] !== undefined || env["KAGGLE_URL_BASE"] !== undefined,
};
