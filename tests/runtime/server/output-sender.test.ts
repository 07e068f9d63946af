import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { unpackOutput } from "../../../src/runtime/protocol/frames.js";
import { StreamId } from "../../../src/runtime/protocol/ids.js";
import { OutputSender } from "../../../src/runtime/server/output-sender.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function watch(file: string, credit: number, secret = "opensesame") {
  const seen: { offset: number; text: string }[] = [];
  const gaps: [number, number][] = [];
  let over = false;
  let more: (size?: number) => void = () => {};
  let ended: number | null = null;
  const sender = new OutputSender(
    StreamId.parse(1),
    {
      file,
      secrets: () => [Buffer.from(secret)],
      isOver: () => over,
      onMore: (listener) => ((more = listener), () => undefined),
    },
    {
      send: (frame, onWritten) => {
        const { offset, bytes } = unpackOutput(frame)!;
        seen.push({ offset, text: Buffer.from(bytes).toString() });
        frame.fill(0); // the memory is used for something else next
        onWritten();
      },
      sendEnd: (_, offset) => (ended = offset),
      sendGap: (_, from, to) => void gaps.push([from, to]),
      room: () => Promise.resolve(),
    },
    credit,
  );
  const settle = () => new Promise((resolve) => setTimeout(resolve, 150));
  return {
    sender,
    seen,
    gaps,
    settle,
    grow: (size?: number) => more(size),
    finish: () => {
      over = true;
      more();
    },
    get ended() {
      return ended;
    },
  };
}

test("sends what is there, then what comes, then says that it is complete", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "abc");
  const view = watch(file, 1000);
  expect(view.sender.start(0)).toEqual({ offset: 0, size: 3 });
  await view.settle();
  appendFileSync(file, "def");
  view.grow();
  await view.settle();
  expect(view.seen).toEqual([
    { offset: 0, text: "abc" },
    { offset: 3, text: "def" },
  ]);
  expect(view.ended).toBeNull();
  view.finish();
  await view.settle();
  expect(view.ended).toBe(6);
});

test("never sends more than there is credit for", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "0123456789");
  const view = watch(file, 4);
  view.sender.start(0);
  await view.settle();
  expect(view.seen.map(({ text }) => text).join("")).toBe("0123");
  view.sender.addCredit(3);
  await view.settle();
  expect(view.seen.map(({ text }) => text).join("")).toBe("0123456");
  view.sender.close();
});

test("begins where asked, counted from the end too", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "0123456789");
  const fromEnd = watch(file, 100);
  expect(fromEnd.sender.start(-3)).toEqual({ offset: 7, size: 10 });
  await fromEnd.settle();
  expect(fromEnd.seen).toEqual([{ offset: 7, text: "789" }]);
  fromEnd.sender.close();
});

test("output that grows before the place to begin is known is not sent from the start", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "0123456789");
  const view = watch(file, 100);
  view.grow();
  view.sender.start(8);
  await view.settle();
  expect(view.seen).toEqual([{ offset: 8, text: "89" }]);
  view.sender.close();
});

test("a run that wrote nothing ends at 0", async () => {
  using folder = temporaryFolder();
  const view = watch(join(folder.path, "none.log"), 100);
  view.sender.start(0);
  view.finish();
  await view.settle();
  expect(view.ended).toBe(0);
});

test("goes on in the next part, and tells what was removed", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "abc");
  const view = watch(file, 1000);
  view.sender.start(0);
  await view.settle();
  writeFileSync(`${file}.3`, "def");
  view.grow();
  await view.settle();
  expect(view.seen).toEqual([
    { offset: 0, text: "abc" },
    { offset: 3, text: "def" },
  ]);
  writeFileSync(`${file}.10`, "klm");
  view.finish();
  await view.settle();
  expect(view.gaps).toEqual([[6, 10]]);
  expect(view.seen.at(-1)).toEqual({ offset: 10, text: "klm" });
  expect(view.ended).toBe(13);
});

test("begins at the oldest byte that is still there", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(`${file}.100`, "abc");
  const view = watch(file, 1000);
  expect(view.sender.start(20)).toEqual({ offset: 20, size: 103 });
  view.finish();
  await view.settle();
  expect(view.gaps).toEqual([[20, 100]]);
  expect(view.seen).toEqual([{ offset: 100, text: "abc" }]);
});

test("secrets are hidden, and what may be the beginning of one waits for its end", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "a opensesame b open");
  const view = watch(file, 1000);
  view.sender.start(0);
  await view.settle();
  expect(view.seen).toEqual([{ offset: 0, text: "a ********** b " }]);
  appendFileSync(file, "sesame");
  view.grow();
  await view.settle();
  expect(view.seen.at(-1)).toEqual({ offset: 15, text: "**********" });
  appendFileSync(file, " op");
  view.grow();
  await view.settle();
  expect(view.seen.at(-1)).toEqual({ offset: 25, text: " " });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(view.seen.at(-1)).toEqual({ offset: 26, text: "op" });
  view.sender.close();
});

test("whoever begins in the middle of a token does not see its end", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, `token hf_${"a".repeat(40)} end\n`);
  const view = watch(file, 1000);
  view.sender.start(30);
  view.finish();
  await view.settle();
  expect(view.seen).toEqual([{ offset: 30, text: `${"*".repeat(19)} end\n` }]);
});

test("where it is told how much there is, nothing beyond it is looked for, and the end is found without being told", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "abc");
  const view = watch(file, 1000);
  view.sender.start(0);
  await view.settle();
  appendFileSync(file, "defghi");
  view.grow(6);
  await view.settle();
  expect(view.seen.at(-1)).toEqual({ offset: 3, text: "def" });
  view.grow(5); // told late
  await view.settle();
  expect(view.seen).toHaveLength(2);
  view.finish();
  await view.settle();
  expect(view.seen.at(-1)).toEqual({ offset: 6, text: "ghi" });
  expect(view.ended).toBe(9);
});

test("a part that follows is found though the one before it has more than was told", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "abc");
  const view = watch(file, 1000);
  view.sender.start(0);
  await view.settle();
  writeFileSync(file, "abcde");
  writeFileSync(`${file}.5`, "fgh");
  view.grow(8);
  await view.settle();
  expect(view.seen.map(({ text }) => text).join("")).toBe("abcdefgh");
  view.sender.close();
});

test("an end that is told in the same breath as that nothing more has come is not missed", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "abc");
  const view = watch(file, 1000);
  view.sender.start(0);
  await view.settle();
  view.grow(3);
  view.finish();
  await view.settle();
  expect(view.ended).toBe(3);
});

const LONG = "correct-horse-battery-staple";

test("a viewer that starts inside a secret sees none of it, however long, and whatever part it lies in", async () => {
  using folder = temporaryFolder();
  const token = `hf_${"aB3dE6gH9".repeat(300)}`;
  for (const secret of [LONG, LONG.slice(0, 10), token]) {
    const text = `key ${secret} ZZZZ\n`;
    for (const partAt of [0, 4, 8, 13]) {
      const file = join(folder.path, `${secret.length}-${partAt}.log`);
      writeFileSync(file, text.slice(0, partAt || undefined));
      if (partAt > 0) writeFileSync(`${file}.${partAt}`, text.slice(partAt));
      for (const start of [5, 8, 12, 13, 17, secret.length].filter((place) => place < 4 + secret.length)) {
        const view = watch(file, 10_000, secret);
        view.sender.start(start);
        view.finish();
        while (view.ended === null) await new Promise((resolve) => setTimeout(resolve, 1));
        const shown = view.seen.map((piece) => piece.text).join("");
        const visible = shown.replace(/^hf_|^_/, "");
        expect(visible).toBe(`${"*".repeat(Math.max(0, visible.length - 6))} ZZZZ\n`);
        expect(shown).toHaveLength(text.length - start);
      }
    }
  }
});

test("what is left of a secret whose beginning was removed is not seen", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(`${file}.100`, `${LONG.slice(9)} ZZZZ\n`);
  for (const start of [0, 100]) {
    const view = watch(file, 1_000, LONG);
    view.sender.start(start);
    view.finish();
    while (view.ended === null) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(view.seen.map(({ text }) => text).join("")).toBe(`${"*".repeat(19)} ZZZZ\n`);
  }
});

test("a secret that is printed with a pause in it is not seen", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, `key ${LONG.slice(0, 14)}`);
  const view = watch(file, 1_000, LONG);
  view.sender.start(0);
  await new Promise((resolve) => setTimeout(resolve, 400));
  appendFileSync(file, `${LONG.slice(14)} ZZZZ\n`);
  view.grow();
  await view.settle();
  expect(view.seen.map(({ text }) => text).join("")).toBe(`key ${"*".repeat(28)} ZZZZ\n`);
  view.sender.close();
});
