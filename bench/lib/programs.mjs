// Programs for supervisors to run, found again by a mark in their command line whatever became of them.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

let marks = 0;

/** In the command line of all that belongs together, so that it is found without any of the ways being measured. */
export const newMark = () => `mark-${process.pid}-${marks++}-end`;

/** Writes each command as a shell script of its own and returns them as supervisors take them. */
export function placePrograms(folder, commands, mark) {
  mkdirSync(folder, { recursive: true });
  return commands.map((command, number) => {
    const name = `program-${number}`;
    const file = join(folder, `${name}.${mark}.sh`);
    writeFileSync(file, `${command}\n`);
    return { name, file };
  });
}

/** Processes with the mark that still live, as "pid command". */
export function marked(mark) {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      const isZombie = readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
      return command.includes(mark) && !isZombie ? [`${pid} ${command}`] : [];
    } catch {
      return [];
    }
  });
}

/** Kills what is left, until nothing is. */
export async function killMarked(mark) {
  for (let left = marked(mark); left.length > 0; left = marked(mark)) {
    for (const line of left) {
      try {
        process.kill(Number(line.split(" ")[0]), "SIGKILL");
      } catch {
        // gone meanwhile
      }
    }
    await sleep(20);
  }
}

/** A folder where programs write down moments on the clock that all processes share, a file each. */
export function makeMoments(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    /** Resolves with what they have written, in ms, once there are so many. */
    all: async (count, limitMs = 60_000) => {
      for (const end = performance.now() + limitMs; performance.now() < end; await sleep(5)) {
        const names = readdirSync(folder);
        if (names.length < count) continue;
        const texts = names.map((name) => readFileSync(join(folder, name), "utf8"));
        if (texts.every((text) => text.endsWith("\n"))) return texts.map((text) => Number(text) / 1e6);
      }
      throw new Error(`Of ${count} programs ${readdirSync(folder).length} came to their first line in ${limitMs} ms.`);
    },
  };
}
