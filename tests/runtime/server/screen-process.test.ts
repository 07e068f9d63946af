import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ScreenProcesses } from "../../../src/runtime/server/screen-process.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** A program that writes down each of its starts and ends, and answers with the order's size and name. */
const PROGRAM = `
import { appendFileSync } from "node:fs";
import { text } from "node:stream/consumers";
const order = JSON.parse(await text(process.stdin));
appendFileSync(order.secrets[0], "+");
await new Promise((resolve) => setTimeout(resolve, 200));
if (order.file === "broken") process.exit(1);
appendFileSync(order.secrets[0], "-");
process.stdout.write(JSON.stringify({ columns: order.sizes[0].columns, rows: order.sizes[0].rows, offset: 7, text: order.file }));
`;

function processes() {
  const folder = temporaryFolder();
  const bundle = join(folder.path, "draws.mjs");
  writeFileSync(bundle, PROGRAM);
  const notes = join(folder.path, "notes");
  const screens = new ScreenProcesses({ node: process.execPath, bundle, codeCache: join(folder.path, "cache") });
  const draw = (file: string) =>
    screens.draw({ file, sizes: [{ columns: 80, rows: 24, since: 0 }], scrollback: 9, secrets: [notes] });
  return { draw, notes: () => readFileSync(notes, "utf8"), [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test("many who ask for the same get the same, and no more than two are drawn at once", async () => {
  using all = processes();
  const files = ["a", "a", "b", "a", "c", "d"];
  const screens = await Promise.all(files.map((file) => all.draw(file)));
  expect(screens.map(({ text }) => text)).toEqual(files);
  expect(screens[0]).toEqual({ columns: 80, rows: 24, offset: 7, text: "a" });
  let running = 0;
  const most = Math.max(...[...all.notes()].map((note) => (running += note === "+" ? 1 : -1)));
  expect({ most, drawn: all.notes().length / 2 }).toEqual({ most: 2, drawn: 4 });
});

test("what cannot be drawn is an error in words, and others are drawn after it", async () => {
  using all = processes();
  await expect(all.draw("broken")).rejects.toMatchObject({ code: "internal", message: /could not be drawn/ });
  expect((await all.draw("fine")).text).toBe("fine");
});
