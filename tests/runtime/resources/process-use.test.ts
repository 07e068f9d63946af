import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { processUse } from "../../../src/runtime/resources/process-use.js";
import { ownPrograms } from "../../helpers/own-programs.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const MB = 1024 ** 2;

/** Fills 60 MB that it has in common with its child, which looks at all of it, and 30 MB of its own. */
const SHARING = `
import mmap, os, signal
shared = mmap.mmap(-1, 60 << 20)
for page in range(0, len(shared), 4096): shared[page] = 1
child = os.fork()
if child == 0:
    sum(shared[page] for page in range(0, len(shared), 4096))
    print(os.getpid(), os.getppid(), flush=True)
    signal.pause()
own = b"x" * (30 << 20)
signal.pause()
`;

test("memory that the programs of a run share counts, and counts once", async () => {
  using programs = ownPrograms();
  writeFileSync(join(programs.folder, "sharing.py"), SHARING);
  const { line } = await programs.start("exec python3 -S sharing.py");
  const pids = line.split(" ").map(Number);
  const { processes, memoryBytes } = processUse(pids);
  expect(processes).toBe(2);
  expect(memoryBytes).toBeGreaterThan(60 * MB);
  expect(memoryBytes).toBeLessThan(120 * MB);
});

test("where the system does not tell what is shared, only what is a process's own counts", () => {
  using proc = temporaryFolder();
  const place = join(proc.path, "7");
  mkdirSync(place);
  writeFileSync(join(place, "stat"), "7 (a) S 0 0 0 0 0 0 0 0 0 0 5 0 0\n");
  writeFileSync(join(place, "status"), "Name: a\nVmRSS: 12 kB\n");
  writeFileSync(join(place, "statm"), "900 300 100 0 0 0 0\n");
  expect(processUse([7, 8], proc.path)).toMatchObject({ processes: 1, memoryBytes: 200 * 4096 });
});
