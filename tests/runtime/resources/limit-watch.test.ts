import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import { LimitWatch } from "../../../src/runtime/resources/limit-watch.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const ID = RunId.parse("run_000000000001");

function watched() {
  const folder = temporaryFolder();
  const said: string[] = [];
  let time = 0;
  const watch = new LimitWatch({
    onMemory: (id, bytes) => void said.push(`memory ${id} ${bytes}`),
    onCpu: (id, cores) => void said.push(`cpu ${id} ${cores}`),
    now: () => time,
    proc: folder.path,
  });
  return {
    said,
    /** Three seconds later, with so much memory in use and so many hundredths of a second worked. */
    look: (memoryBytes: number, ticks: number, limits: { memoryBytes: number | null; cpu: number | null }) => {
      const place = join(folder.path, "7");
      mkdirSync(place, { recursive: true });
      const fields = ["S", ...Array.from({ length: 10 }, () => "0"), String(ticks), "0"];
      writeFileSync(join(place, "stat"), `7 (a program) ${fields.join(" ")} 0\n`);
      writeFileSync(join(place, "status"), `RssAnon:\t${memoryBytes / 1024} kB\n`);
      time += 3_000;
      watch.look([{ id: ID, pids: [7], limits }]);
    },
    forget: () => watch.look([]),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const MB = 1024 ** 2;
const LIMITS = { memoryBytes: 100 * MB, cpu: 0.5 };

test("more memory than allowed is said when it is so twice in a row", () => {
  using seen = watched();
  seen.look(150 * MB, 0, LIMITS);
  seen.look(90 * MB, 0, LIMITS);
  seen.look(150 * MB, 0, LIMITS);
  expect(seen.said).toEqual([]);
  seen.look(151 * MB, 0, LIMITS);
  expect(seen.said).toEqual([`memory ${ID} ${151 * MB}`]);
});

test("so is more of the processor", () => {
  using seen = watched();
  seen.look(0, 0, LIMITS);
  seen.look(0, 300, LIMITS);
  seen.look(0, 310, LIMITS);
  seen.look(0, 610, LIMITS);
  expect(seen.said).toEqual([]);
  seen.look(0, 910, LIMITS);
  expect(seen.said).toEqual([`cpu ${ID} 1`]);
});

test("what has no limit, or stays within it, is let be", () => {
  using seen = watched();
  for (let round = 0; round < 4; round++) seen.look(500 * MB, round * 300, { memoryBytes: null, cpu: null });
  for (let round = 0; round < 4; round++) seen.look(99 * MB, 1_000 + round * 150, LIMITS);
  expect(seen.said).toEqual([]);
});

test("a run that was not looked at meanwhile begins anew", () => {
  using seen = watched();
  seen.look(150 * MB, 0, LIMITS);
  seen.forget();
  seen.look(150 * MB, 300, LIMITS);
  expect(seen.said).toEqual([]);
});
