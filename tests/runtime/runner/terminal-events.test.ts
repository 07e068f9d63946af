import { describe, expect, test } from "@jest/globals";
import { OutputWatcher, readHandlers, type Verdict } from "../../../src/runtime/runner/terminal-events.js";

/** Feeds pieces of output to a watcher and returns the first verdict, with the piece it came at. */
function watch(on: unknown, pieces: readonly string[], { interactive = false } = {}) {
  const watcher = new OutputWatcher(readHandlers(on), interactive);
  for (const [piece, text] of pieces.entries()) {
    const verdict = watcher.push(Buffer.from(text));
    if (verdict !== null) return { watcher, piece, verdict };
  }
  return { watcher, piece: -1, verdict: null };
}

const eventOf = (verdict: Verdict | null): string[] | null =>
  verdict === null || verdict.kind === "break" ? null : [...verdict.event];

const url = [{ event: "/http:\\/\\/\\S+/", done: true }];

describe("patterns", () => {
  test.each([
    ["/http:\\/\\/\\S+/", "at http://127.0.0.1:7860 ok", ["http://127.0.0.1:7860"]],
    ["/http://[0-9.]+:([0-9]+)/", "at http://127.0.0.1:7867 ok", ["http://127.0.0.1:7867", "7867"]],
    [
      "/network url:.*?(http://[0-9.:]+)/gi",
      "Network URL: http://10.0.0.1:7868 ",
      ["Network URL: http://10.0.0.1:7868", "http://10.0.0.1:7868"],
    ],
    ["/http:\\/\\/[^\\s\\/]+:\\d{2,5}(?=[^\\w]|$)/", "on http://127.0.0.1:7866 (ctrl-c)", ["http://127.0.0.1:7866"]],
    ["/^second$/m", "first\r\nsecond\r\n", ["second"]],
    ["/a.b/s", "a\nb c", ["a\nb"]],
    ["/✓ (\\S+)/u", "✓ ready now", ["✓ ready", "ready"]],
  ])("%s in %j", (event, output, expected) => {
    expect(eventOf(watch([{ event, done: true }], [output]).verdict)).toEqual(expected);
  });

  test.each([
    ["/server up/", "Server UP\n"],
    ["/^second$/", "first\nsecond\n"],
    ["/a.b/", "a\nb c"],
  ])("%s is not in %j", (event, output) => {
    expect(watch([{ event, done: true }], [output]).verdict).toBeNull();
  });

  test.each([["hi"], ["/(/"], ["/x/q"], [5], ["/never"]])("%j is no pattern, which is said with its place", (event) => {
    expect(() => readHandlers([{ event: "/ok/" }, { event, done: true }])).toThrow(/^on\[1\]\.event is /);
  });

  test("null waits for nothing, as launchers of 2023 write it", () => {
    expect(readHandlers([{ event: null, return: true }])).toEqual([]);
    expect(readHandlers(null)).toEqual([]);
  });
});

describe("output in pieces", () => {
  const whole = "starting\r\nat http://127.0.0.1:7860/app ready\r\n";

  test("a match is found wherever the output is cut", () => {
    for (let cut = 1; cut < whole.length; cut++) {
      const { verdict } = watch(url, [whole.slice(0, cut), whole.slice(cut)]);
      expect([cut, eventOf(verdict)]).toEqual([cut, ["http://127.0.0.1:7860/app"]]);
    }
  });

  test("byte by byte, with colours in between", () => {
    const coloured = "\x1b[1;32mat \x1b[0mhttp://127.0.0.1\x1b[35m:7860\x1b[0m\r\n";
    const bytes = [...Buffer.from(coloured)].map((byte) => String.fromCharCode(byte));
    expect(eventOf(watch(url, bytes).verdict)).toEqual(["http://127.0.0.1:7860"]);
  });

  test("a letter of several bytes may be cut in two", () => {
    const watcher = new OutputWatcher(readHandlers([{ event: "/é(.)/", done: true }]), false);
    const bytes = Buffer.from("é1 ");
    expect(watcher.push(bytes.subarray(0, 1))).toBeNull();
    expect(eventOf(watcher.push(bytes.subarray(1)))).toEqual(["é1", "1"]);
  });

  test("a match at the very end waits until the output goes on or pauses", () => {
    const { watcher, verdict } = watch(url, ["at http://127.0.0.1:78"]);
    expect(verdict).toBeNull();
    expect(watcher.pending).toBe("growing");
    expect(eventOf(watcher.push(Buffer.from("60/ui\n")))).toEqual(["http://127.0.0.1:7860/ui"]);

    const paused = watch(url, ["at http://127.0.0.1:7860"]).watcher;
    expect(eventOf(paused.settle())).toEqual(["http://127.0.0.1:7860"]);
  });

  test("a match that is the same whatever follows waits less than one that takes in more", () => {
    const words = [{ event: "/press any key/", done: true }];
    expect(watch(words, ["Now press any key"]).watcher.pending).toBe("match");
    const both = [...words, { event: "/key.*/" }];
    expect(watch(both, ["Now press any key"]).watcher.pending).toBe("growing");
    expect(watch([...both].reverse(), ["Now press any key"]).watcher.pending).toBe("growing");
    expect(watch([{ event: "/:(\\d+)/" }], ["at :78"]).watcher.pending).toBe("growing");
    expect(watch([{ event: "/:\\d{2}/" }], ["at :78"]).watcher.pending).toBe("match");
  });

  test("a match that lies far back in a large piece is found", () => {
    const flood = "x".repeat(50_000);
    expect(eventOf(watch(url, [`${flood} http://a:1 ${flood}`]).verdict)).toEqual(["http://a:1"]);
  });

  test("a match may begin up to 300 characters before a piece, not earlier", () => {
    const on = [{ event: "/begin.*end/s", done: true }];
    expect(watch(on, [`begin${"x".repeat(200)}`, "end."]).verdict).not.toBeNull();
    expect(watch(on, [`begin${"x".repeat(400)}`, "end."]).verdict).toBeNull();
  });
});

describe("what a match does", () => {
  test("without an action it is kept and the step goes on; the last one counts", () => {
    const { watcher, verdict } = watch([{ event: "/k=(\\d)/" }], ["k=1 \n", "k=2 \n"]);
    expect(verdict).toBeNull();
    expect([...(watcher.event ?? [])]).toEqual(["k=2", "2"]);
  });

  test("the same place is not reported twice", () => {
    const { watcher } = watch([{ event: "/k=\\d/" }, { event: "/other/" }], ["k=1 \n", "other \n", "more\n"]);
    expect([...(watcher.event ?? [])]).toEqual(["other"]);
  });

  test("once takes the first match only", () => {
    const { watcher } = watch([{ event: "/k=\\d/", once: true }], ["k=1 k=2 \n", "k=3 \n"]);
    expect([...(watcher.event ?? [])]).toEqual(["k=1"]);
  });

  test("of several handlers on one piece the first that ends the step counts", () => {
    const on = [
      { event: "/first/", done: true },
      { event: "/second/", kill: true },
    ];
    const { verdict } = watch(on, ["second first \n"]);
    expect(verdict?.kind).toBe("done");
    expect(eventOf(verdict)).toEqual(["first"]);
  });

  test("an earlier capture gives way to the one that ends the step", () => {
    const on = [{ event: "/k=\\d/" }, { event: "/fin/", done: true }];
    const { watcher } = watch(on, ["k=1 fin \n"]);
    expect([...(watcher.event ?? [])]).toEqual(["fin"]);
  });
});

describe("errors in the output", () => {
  test.each([
    ["Error: bad\n", ["Error:"]],
    ["[Errno 2] No such file\n", ["Errno "]],
    ["0 files with error: none\n", ["error:"]],
    ["ERROR: a, error: b, Error: a\n", ["ERROR:", "error:", "Error:"]],
  ])("%j breaks the step", (output, errors) => {
    expect(watch(undefined, [output]).verdict).toMatchObject({ kind: "break", errors });
  });

  test.each([["Traceback (most recent call last):\n"], ["an ERROR without a colon\n"], ["error: no module triton\n"]])(
    "%j does not",
    (output) => {
      expect(watch(undefined, [output]).verdict).toBeNull();
    },
  );

  test("what a break:false pattern covers does not count, though it arrives in pieces", () => {
    const on = [{ event: "/error: ignorable/i", break: false }];
    expect(watch(on, ["Error: ", "ignorable\n"]).verdict).toBeNull();
    expect(watch(on, ["Error: ", "serious\n"]).verdict).toMatchObject({ kind: "break", errors: ["Error:"] });
  });

  test("a pattern of the step's own may break it", () => {
    expect(watch([{ event: "/boom/i", break: true }], ["Boom\n"]).verdict).toMatchObject({ errors: ["Boom"] });
  });

  test("somebody who types into the shell is not interrupted", () => {
    expect(watch(undefined, ["Error: bad\n"], { interactive: true }).verdict).toBeNull();
  });

  test("at the end the whole screen is looked at, without its line ends", () => {
    const { watcher } = watch(undefined, ["all fine\n"]);
    expect(watcher.end("all fine")).toBeNull();
    expect(new OutputWatcher([], false).end("err\nor: x")).toMatchObject({ kind: "break", errors: ["error:"] });
  });
});
