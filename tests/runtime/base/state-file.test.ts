import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { StateFile } from "../../../src/runtime/base/state-file.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const Notes = z.object({ version: z.literal(1), notes: z.array(z.string()) });
const holding = (...notes: string[]) => ({ version: 1 as const, notes });

function testFile(text?: string) {
  const folder = temporaryFolder();
  const path = join(folder.path, "notes.json");
  if (text !== undefined) writeFileSync(path, text);
  const problems: string[] = [];
  const solved: string[] = [];
  const open = (mayWrite = true) =>
    new StateFile({
      path,
      version: 1,
      schema: Notes,
      empty: holding(),
      mayWrite,
      onProblem: ({ message }) => {
        problems.push(message);
        return () => void solved.push(message);
      },
    });
  return {
    path,
    problems,
    solved,
    open,
    text: () => readFileSync(path, "utf8"),
    names: () => readdirSync(folder.path).sort(),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const add = (note: string) => (before: z.output<typeof Notes>) => holding(...before.notes, note);

test("what is changed is there for the next one who opens it", () => {
  using file = testFile();
  file.open().change(add("one"));
  expect(file.open().value).toEqual(holding("one"));
});

test("the file of a newer version is said to be one and never written", () => {
  const newer = '{ "version": 2, "thoughts": ["dear"] }';
  using file = testFile(newer);
  const state = file.open();
  expect(file.problems).toEqual([expect.stringMatching(/newer PinokioCloud: its version is 2, this one knows 1/)]);
  expect(() => state.change(add("one"))).toThrow(/newer PinokioCloud/);
  expect(file.text()).toBe(newer);
  expect(file.names()).toEqual(["notes.json"]);
});

test.each([
  ["is removed", (path: string) => rmSync(path), []],
  ["is one of this version again", (path: string) => writeFileSync(path, JSON.stringify(holding("mine"))), ["mine"]],
])("what ailed a file is over when it %s", (_, mend, known) => {
  using file = testFile('{ "version": 2, "thoughts": ["dear"] }');
  const state = file.open();
  expect(() => state.requireRead()).toThrow(/newer PinokioCloud/);
  expect(file.solved).toEqual([]);
  mend(file.path);
  state.requireRead();
  expect(file.solved).toEqual(file.problems);
  state.change(add("one"));
  expect(JSON.parse(file.text())).toEqual(holding(...known, "one"));
});

test("a file that was edited wrongly is set aside and told of", () => {
  using file = testFile('{ "version": 1, "notes": [1] }');
  const state = file.open();
  expect(file.problems).toEqual([expect.stringMatching(/notes.json cannot be read: notes.0: /)]);
  state.change(add("one"));
  expect(state.value).toEqual(holding("one"));
  expect(file.names()).toEqual(["notes.json", expect.stringMatching(/^notes.json.unreadable-/)]);
});

test("what is written by hand while it is open is taken over before anything is written", () => {
  using file = testFile();
  const state = file.open();
  state.change(add("one"));
  writeFileSync(file.path, JSON.stringify(holding("one", "by hand")));
  state.change(add("two"));
  expect(JSON.parse(file.text())).toEqual(holding("one", "by hand", "two"));
});

test("what was known stays known when the file is spoilt or removed by hand", () => {
  using file = testFile();
  const state = file.open();
  state.change(add("one"));
  writeFileSync(file.path, "{");
  expect(state.look()).toBe(false);
  expect(state.value).toEqual(holding("one"));
  expect(file.problems).toHaveLength(1);
  rmSync(file.path, { force: true });
  state.change(add("two"));
  expect(JSON.parse(file.text())).toEqual(holding("one", "two"));
});

test("where the home may only be looked at, everything is read and nothing is touched", () => {
  using file = testFile(JSON.stringify(holding("one")));
  const state = file.open(false);
  expect(state.value).toEqual(holding("one"));
  expect(() => state.change(add("two"))).toThrow("can only be looked at");
  writeFileSync(file.path, JSON.stringify(holding("one", "from the other machine")));
  expect(state.look()).toBe(true);
  expect(state.value.notes).toHaveLength(2);
  writeFileSync(file.path, "{");
  state.look();
  expect(file.names()).toEqual(["notes.json"]);
  expect(state.value.notes).toHaveLength(2);
});

test("a change that cannot be written is not kept in memory either", () => {
  using file = testFile();
  const state = file.open();
  state.change(add("one"));
  expect(() => state.change(() => ({ ...holding("two"), loop: 1n }) as never)).toThrow();
  expect(state.value).toEqual(holding("one"));
});
