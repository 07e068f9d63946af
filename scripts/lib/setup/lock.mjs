// Two set-ups of one checkout at a time would undo each other's work.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cache } from "../paths.mjs";

const lock = join(cache, "setup.lock");

export async function withSetupLock(progress, action) {
  mkdirSync(cache, { recursive: true });
  let told = false;
  while (!take()) {
    const holder = readHolder();
    if (holder !== null && !isAlive(holder)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!told)
      progress.say(`Waiting for another set-up of this checkout to finish (process ${holder?.pid ?? "unknown"}).`);
    told = true;
    await sleep(200);
  }
  try {
    return await action();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take() {
  try {
    writeFileSync(lock, JSON.stringify({ pid: process.pid, started: startTime(process.pid) }), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function readHolder() {
  try {
    return JSON.parse(readFileSync(lock, "utf8"));
  } catch {
    return null;
  }
}

/** A process id is given out again after a while; the time it started tells the two apart. */
function isAlive({ pid, started }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === "ESRCH") return false;
  }
  return startTime(pid) === started;
}

function startTime(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ")[19];
  } catch {
    return null;
  }
}
