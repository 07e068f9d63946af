import { expect, test } from "@jest/globals";
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
});
