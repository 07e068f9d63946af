import { Buffer } from "node:buffer";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { OutputWatcher, readHandlers } from "../../../src/runtime/runner/terminal-events.js";

/** Less than a match may reach back, so that a watcher who sees everything at once sees no more than one who does not. */
const output = fc
  .array(
    fc.constantFrom(
      "http://127.0.0.1:7860",
      "http://0.0.0.0:80/a?b=ü ",
      "ready",
      "k=12",
      "done",
      " ",
      "\n",
      "\r\n",
      "\x1b[32m",
      "\x1b]0;title\x07",
      "💥",
      "x",
      ".",
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));
const patterns = fc.constantFrom(
  "/http:\\/\\/\\S+/",
  "/http:\\/\\/[0-9.:]+/",
  "/READY/i",
  "/k=(\\d+)/",
  "/^done$/m",
  "/(?<word>done|ready)/",
  "/💥+/u",
);
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

/** Bytes in pieces that are cut anywhere, also within a letter. */
function pieces(text: string, places: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const ends = [...places.map((place) => Math.floor(place * bytes.length)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const screenOf = (text: string): string =>
  text.replace(/\x1b\][^\x07]*\x07|\x1b\[[0-9;]*m/g, "").replace(/\r\n/g, "\n");

function watch(text: string, places: readonly number[], on: unknown) {
  const watcher = new OutputWatcher(readHandlers(on), false);
  for (const piece of pieces(text, places)) {
    const verdict = watcher.push(piece);
    if (verdict !== null) return { verdict, event: watcher.event };
  }
  return { verdict: watcher.end(screenOf(text)), event: watcher.event };
}

const shown = ({ verdict, event }: ReturnType<typeof watch>) => ({
  kind: verdict?.kind ?? null,
  event: event === undefined ? null : [...event],
  groups: { ...event?.groups },
});

test.each(["done", "kill"])("%s: wherever the output is cut, the same match decides", (action) => {
  fc.assert(
    fc.property(output, patterns, cuts, (text, event, places) => {
      const on = [{ event, [action]: true }];
      expect(shown(watch(text, places, on))).toEqual(shown(watch(text, [], on)));
    }),
    { numRuns: 1_000 },
  );
});

test("the last match that is kept is the same wherever the output is cut", () => {
  fc.assert(
    fc.property(output, patterns, cuts, (text, event, places) => {
      expect(shown(watch(text, places, [{ event }]))).toEqual(shown(watch(text, [], [{ event }])));
    }),
    { numRuns: 1_000 },
  );
});

test("an error breaks the step, or is excused, wherever the output is cut", () => {
  const words = fc.constantFrom(
    "Error: bad",
    "error: no module triton",
    "fine",
    "Errno 2",
    "error: harmless",
    "\n",
    "\r\n",
    " ",
  );
  const on = [{ event: "/error: harmless/", break: false }];
  fc.assert(
    fc.property(
      fc.array(words, { maxLength: 10 }).map((parts) => parts.join("")),
      cuts,
      (text, places) => {
        const whole = watch(text, [], on).verdict;
        const cut = watch(text, places, on).verdict;
        expect(cut?.kind).toBe(whole?.kind);
        const [found, all] = [cut, whole].map((verdict) => (verdict?.kind === "break" ? verdict.errors : []));
        expect(all).toEqual(expect.arrayContaining(found!));
      },
    ),
    { numRuns: 1_000 },
  );
});
