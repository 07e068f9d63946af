import { expect, test } from "@jest/globals";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import type { GpuHolder } from "../../../src/runtime/protocol/runs.js";
import { sampleRun } from "../../helpers/samples.js";
import { errorText, menuText, onOneLine, stoppedLine, table } from "../../../src/runtime/cli/words.js";

test("what apps say cannot steer the terminal", () => {
  expect(onOneLine("a\x1b[2J\x07\x9b\x7f\u202eb\nc")).toBe("a\\x1b[2J\\x07\\x9b\\x7f\\u202eb\\x0ac");
  expect(table([["app", "\x1b]0;owned\x07"]])).toBe("app  \\x1b]0;owned\\x07");
  expect(menuText([{ text: "Start\r\x1b[A", href: "a\x1b.js" }])).toBe("Start\\x0d\\x1b[A  a\\x1b.js");
  expect(errorText({ code: "internal", message: "a\nb\x1bc" })).toBe("error: a\nb\\x1bc");
});

test("other languages and signs are left alone", () => {
  expect(onOneLine("Grüße – 日本語 👩‍💻 עברית")).toBe("Grüße – 日本語 👩‍💻 עברית");
});

test("a run that was stopped says what that took", () => {
  const run = sampleRun({ state: "ended", end: { outcome: "stopped", error: null, at: "2026-01-01T00:00:00.000Z" } });
  const ending = { processes: 7, killed: 1, left: 0, portsClosed: [7860], portsOpen: [], tookMs: 1_240 };
  expect(stoppedLine({ ...run, ending })).toBe(
    "stopped hello/start.json: 7 processes, 1 killed, port 7860 closed, 1.2 s",
  );
  expect(stoppedLine({ ...run, ending: { ...ending, processes: 1, killed: 0, left: 1, portsOpen: [1, 2] } })).toBe(
    "stopped hello/start.json: 1 process, 1 left, port 7860 closed, ports 1 2 still open, 1.2 s",
  );
  expect(stoppedLine(run)).toBe("stopped hello/start.json");
  const gpu = { freedBytes: 4e9, isEstimate: false, heldBytes: 0, holders: [] };
  expect(stoppedLine({ ...run, ending: { ...ending, killed: 0, portsClosed: [], gpu } })).toBe(
    "stopped hello/start.json: 7 processes, 3.7 GB of GPU memory given back, 1.2 s",
  );
});

test("GPU memory that is still held is told with whoever holds it", () => {
  const ending = { processes: 1, killed: 0, left: 0, portsClosed: [], portsOpen: [], tookMs: 0 };
  const gpu = { freedBytes: 0, isEstimate: true, heldBytes: 3e9, holders: [] as GpuHolder[] };
  const line = (change: Partial<typeof gpu>) =>
    stoppedLine(sampleRun({ ending: { ...ending, gpu: { ...gpu, ...change } } })).split(": ")[1];
  expect(line({ freedBytes: 4e9 })).toBe(
    "1 process, about 3.7 GB of GPU memory given back, " +
      "2.8 GB still held by a program that cannot be seen from here, 0.0 s",
  );
  const run = RunId.parse("run_000000000002");
  const holders = [
    { pid: 1, name: "b/start.js", run, bytes: null },
    { pid: 2, name: "python\x1b", run: null, bytes: null },
    { pid: 3, name: null, run: null, bytes: null },
  ];
  expect(line({ holders })).toBe(
    "1 process, 2.8 GB of GPU memory still held by b/start.js, python\\x1b (process 2), process 3, 0.0 s",
  );
});
