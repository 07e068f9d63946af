import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { newRunId } from "../../../src/runtime/base/run-id.js";
import { createTurns, type Turns } from "../../../src/runtime/supervisor/turns.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const settle = () => new Promise((resolve) => setImmediate(resolve));
const [a, b, c] = [1, 2, 3].map(() => newRunId(Date.now())) as [Run, Run, Run];
type Run = ReturnType<typeof newRunId>;

const open = (journal: string): Turns =>
  createTurns(journal, (error) => {
    throw error;
  });

test("after the loss of a sidecar nobody jumps the queue, and nobody waits for ever", async () => {
  using folder = temporaryFolder();
  const journal = join(folder.path, "turns.json");
  const entered: string[] = [];
  const enter = (turns: Turns, run: Run, turn: string) =>
    void turns.enter(run, "fs.rm", turn).then(() => entered.push(turn));
  const first = open(journal);
  enter(first, a, "a1");
  enter(first, b, "b1");
  enter(first, c, "c1");
  await settle();
  expect(entered.splice(0)).toEqual(["a1"]);

  const second = open(journal);
  second.recall(() => true);
  enter(second, c, "c1"); // those that wait ask again, in any order; a's turn has come, so it does not
  enter(second, b, "b1");
  await settle();
  expect(entered).toEqual([]);
  second.leave("fs.rm", "a1");
  await settle();
  expect(entered.splice(0)).toEqual(["b1"]);

  const third = open(journal);
  third.recall((run) => run !== b); // its runner died meanwhile
  enter(third, c, "c1");
  await settle();
  expect(entered).toEqual(["c1"]);
  third.release(c);
  expect(JSON.parse(readFileSync(journal, "utf8"))).toEqual({});
});

test("a journal that cannot be read or written is told, and turns are given all the same", async () => {
  using folder = temporaryFolder();
  const journal = join(folder.path, "turns.json");
  writeFileSync(journal, "{");
  const problems: unknown[] = [];
  const turns = createTurns(journal, (error) => void problems.push(error));
  turns.recall(() => true);
  expect(problems).toHaveLength(1);
  const unwritable = createTurns("/dev/null/turns.json", (error) => void problems.push(error));
  await unwritable.enter(a, "log", "a1");
  expect(problems).toHaveLength(2);
});
