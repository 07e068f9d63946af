import { expect, test } from "@jest/globals";
import { DownloadProgress } from "../../../src/runtime/methods/progress.js";
import { fakeContext } from "../../helpers/fake-context.js";

test("a download says what it loads, how far it is, why it tries again, and how much it was", () => {
  const context = fakeContext();
  const progress = new DownloadProgress("https://x.test/m.bin", context);
  progress.handlers.onProgress(512, 2_048);
  progress.handlers.onRetry("It broke off", 2_000);
  progress.end(3_400_000_000);
  expect(context.notes).toEqual([
    "Downloading https://x.test/m.bin\r\n",
    "\r\x1b[K512 B of 2 KB (25 %)",
    "\r\nIt broke off; trying again in 2 s\r\n",
    "\r\x1b[K3.2 GB downloaded\r\n",
  ]);
  expect(context.told).toEqual([
    { kind: "progress", params: { label: "https://x.test/m.bin", bytes: 512, total: 2_048 } },
  ]);
});

test.each([null, 0])("of a size that is not known (%p) it says how much has come", (total) => {
  const context = fakeContext();
  new DownloadProgress("x", context).handlers.onProgress(2_500_000, total);
  expect(context.notes.at(-1)).toBe("\r\x1b[K2.4 MB");
});

test("many pieces in a row are one line", () => {
  const context = fakeContext();
  const progress = new DownloadProgress("x", context);
  for (let bytes = 1; bytes < 200; bytes++) progress.handlers.onProgress(bytes, 200);
  expect(context.notes).toHaveLength(2);
  expect(context.told).toHaveLength(1);
});
