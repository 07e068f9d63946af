import type { Platform } from "./platform.js";

/** Rented machines that keep a volume at /workspace; they differ in name and sign only. */
const rented = (name: string, label: string, sign: string, keeps: string): Platform => ({
  name,
  label,
  keeps,
  home: () => "/workspace/pinokiocloud",
  detect: ({ env }) => env[sign] !== undefined,
});

export const runpod = rented(
  "runpod",
  "RunPod",
  "RUNPOD_POD_ID",
  "/workspace is kept while the pod exists, and longer on a network volume",
);

export const vastai = rented(
  "vastai",
  "Vast.ai",
  "VAST_CONTAINERLABEL",
  "/workspace is kept until the instance is destroyed",
);
