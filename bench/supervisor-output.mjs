// How fast what a program prints comes to disk, in a log that is kept within bounds.
import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { bareTerminals } from "./lib/bare-terminal.mjs";
import { clockMs } from "./lib/marked-scripts.mjs";
import { recordedOf } from "./lib/peer-packages.mjs";
import { killMarked, makeMoments, newMark, placePrograms } from "./lib/programs.mjs";
import { describePeer, joinPeers, median } from "./lib/statistics.mjs";
import { SUPERVISORS, withoutTerminals, withSupervisor } from "./lib/supervisors.mjs";

export const name = "Supervisor: output to disk";

const PRINTER = fileURLToPath(new URL("./lib/print_bytes.py", import.meta.url));
const LIMIT_MS = 120_000;

export async function run(context) {
  const bytes = context.quick ? 50e6 : 200e6;
  const rounds = context.quick ? 1 : 5;
  const piped = withoutTerminals(context);
  const terminal = bareTerminals(context);
  const speeds = { terminal: [], bareTerminal: [], pipes: [], barePipe: [], pm2: [], supervisord: [] };
  const names = {};
  for (let round = 0; round < rounds; round++) {
    const mark = newMark();
    const moments = () => makeMoments(join(context.folder, "moments"));
    const command = (folder) => `exec python3 -S '${PRINTER}' ${bytes} '${folder}' ${mark}`;
    const through = async (into, open, where) => {
      const began = moments();
      const programs = placePrograms(join(context.folder, "programs"), [command(began.folder)], mark);
      const ms = await withSupervisor(open, where, programs, (supervisor) => {
        names[into] = supervisor.name;
        return untilLogged(supervisor, began, bytes);
      });
      if (ms !== null) speeds[into].push(speed(bytes, ms));
      await killMarked(mark);
    };
    await through("terminal", SUPERVISORS.ours, context);
    speeds.bareTerminal.push(speed(bytes, (await terminal(ending(command(moments().folder)))).ms));
    await through("pipes", SUPERVISORS.ours, piped);
    speeds.barePipe.push(speed(bytes, await readBarePipe(ending(command(moments().folder)))));
    await through("pm2", SUPERVISORS.pm2, context);
    await through("supervisord", SUPERVISORS.supervisord, context);
  }
  const beside = (key) =>
    speeds[key].length === 0
      ? ""
      : describePeer(names[key], "MB/s", speeds.pipes.slice(0, speeds[key].length), speeds[key]);
  return [
    {
      name: `${bytes / 1e6} MB on pipes, to disk`,
      value: median(speeds.pipes),
      unit: "MB/s",
      aim: "≥ 300",
      peer: joinPeers(
        describePeer("bare Node that only reads", "MB/s", speeds.pipes, speeds.barePipe),
        beside("pm2"),
        beside("supervisord"),
        speeds.pm2.length > 0 && speeds.supervisord.length > 0 ? "" : recordedOf("output"),
      ),
    },
    {
      name: "the same through a terminal",
      value: median(speeds.terminal),
      unit: "MB/s",
      aim: "≥ 0.8 × bare node-pty",
      peer: describePeer("bare node-pty that only reads", "MB/s", speeds.terminal, speeds.bareTerminal),
    },
  ];
}

/** Under a supervisor it stays at its end, since some throw away what they have not read of a program that is over. */
const ending = (command) => `${command} once`;

/** Milliseconds from the program's first byte until its last one is in the log; none may be missing. */
async function untilLogged(supervisor, began, bytes) {
  await supervisor.start();
  const [from] = await began.all(1);
  const folder = supervisor.logFolder(0);
  for (const limit = clockMs() + LIMIT_MS; ; await sleep(3)) {
    const now = clockMs();
    const { size, isOver } = lookAt(folder, supervisor.isLog);
    if (isOver) {
      if (size < bytes) throw new Error(`${supervisor.name} kept ${size} of ${bytes} bytes.`);
      return now - from;
    }
    if (now > limit) throw new Error(`${supervisor.name} has kept ${size} of ${bytes} bytes after ${LIMIT_MS} ms.`);
  }
}

function lookAt(folder, isLog) {
  let size = 0;
  let isOver = false;
  for (const name of readdirSync(folder).filter(isLog)) {
    const path = join(folder, name);
    const own = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    size += own;
    isOver ||= endOf(path, own).includes("the end");
  }
  return { size, isOver };
}

function endOf(path, size) {
  const end = Buffer.alloc(Math.min(size, 32));
  try {
    const file = openSync(path, "r");
    readSync(file, end, 0, end.length, size - end.length);
    closeSync(file);
  } catch {
    return ""; // it is being put aside for a new one just now
  }
  return end.toString("latin1");
}

/** Milliseconds until a program that prints into a pipe has been read to its end. */
function readBarePipe(command) {
  const began = performance.now();
  const child = spawn("/bin/bash", ["-c", command], { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.on("data", () => undefined);
  return new Promise((resolve) => child.on("close", () => resolve(performance.now() - began)));
}

const speed = (bytes, ms) => bytes / 1e6 / (ms / 1e3);
