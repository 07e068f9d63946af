import { expect, test } from "@jest/globals";
import { readBarLine } from "../../../src/widgets/log/bar-line.js";

test.each([
  [" 45%|████▌     | 45/100 [00:04<00:05,  9.8it/s]", [" 45%", 0.45, "45/100 [00:04<00:05,  9.8it/s]"]],
  ["Fetching 3 files:  33%|███▎      | 1/3", ["Fetching 3 files:  33%", 0.33, "1/3"]],
  ["  0%|          | 0/40 [00:00<?, ?it/s]", ["  0%", 0, "0/40 [00:00<?, ?it/s]"]],
  ["   ━━━━━━━━━━╸━━━━━━━━━━━━━ 12.5/50.0 MB 20.1 MB/s eta 0:00:02", ["", 0.25, "12.5/50.0 MB 20.1 MB/s eta 0:00:02"]],
  ["Receiving objects:  45% (123/273), 1.2 MiB", ["Receiving objects:  45% (123/273), 1.2 MiB", 0.45, ""]],
  ["[=====>    ] 512K of 1M", ["", 0.5, "512K of 1M"]],
])("%j is drawn", (line, [before, share, behind]: (string | number)[]) => {
  expect(readBarLine(line)).toEqual({ before, share, behind });
});

test.each(["Collecting torch", "see a/b/c and 2026-01-02", "⠹ resolving", "-------- done --------", ""])(
  "%j is no bar",
  (line) => {
    expect(readBarLine(line)).toBeNull();
  },
);
