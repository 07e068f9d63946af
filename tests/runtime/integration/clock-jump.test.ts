import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { temporaryFolder } from "../../helpers/temporary-folder.js";
import { startRunner, until } from "../../helpers/test-runner.js";

const SHIFT = new URL("../../fixtures/programs/shift-date.mjs", import.meta.url).pathname;
const DAY_MS = 86_400_000;

/** Minds an interrupt only after a while, and says so: whoever kills it before cuts it short. */
const SLOW_TO_END = `
import signal, sys, time

def end(*_):
    time.sleep(0.3)
    print("put everything away", flush=True)
    sys.exit(0)

signal.signal(signal.SIGINT, end)
print("up", flush=True)
while True:
    time.sleep(60)
`;

const DEAF = `
import signal, time
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
`;

const shell = (message: string, more: object = {}) => ({ method: "shell.run", params: { message, ...more } });

/** A runner on a clock that can be set. */
async function onOwnClock(script: object, files: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const file = join(folder.path, "shift");
  writeFileSync(file, "0");
  const runner = await startRunner(script, {
    files,
    env: { NODE_OPTIONS: `--import=${SHIFT}`, SHIFT_DATE: file },
    isReaped: true,
  });
  return {
    runner,
    jump: (ms: number) => writeFileSync(file, String(ms)),
    [Symbol.asyncDispose]: async () => {
      await runner[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

describe.each([
  ["set forward by a day", DAY_MS],
  ["set back by a day", -DAY_MS],
])("a clock that is %s", (_, shiftMs) => {
  test("neither cuts a program short that is ending nor keeps one that does not end", async () => {
    const script = { daemon: true, run: [shell("python3 -S slow.py & python3 -S deaf.py")] };
    await using own = await onOwnClock(script, { "slow.py": SLOW_TO_END, "deaf.py": DEAF });
    const { runner, jump } = own;
    const watcher = await runner.connect();
    await until(runner.output, (text) => text.includes("up\r\n") && text.includes("deaf\r\n"));
    watcher.stop(3_000);
    await watcher.waitFor(({ state }) => state === "stopping");
    jump(shiftMs);
    const run = await watcher.waitFor(({ state }) => state === "ended", 20_000);
    await runner.exited;
    // The runner's clock was really set.
    expect(Math.abs(Date.parse(run.end!.at) - Date.now() - shiftMs)).toBeLessThan(60_000);
    expect(run.end).toMatchObject({ outcome: "stopped" });
    expect(runner.output()).toContain("put everything away");
    expect(run.ending).toMatchObject({ left: 0 });
    expect(run.ending!.tookMs).toBeGreaterThan(0);
    expect(run.ending!.tookMs).toBeLessThan(60_000);
    expect(runner.processes()).toEqual([]);
  });

  test("does not change how long a script waits", async () => {
    const wait = { method: "process.wait", params: { on: { resources: ["file:there"], timeout: 20_000, window: 0 } } };
    await using own = await onOwnClock({
      run: [shell("echo waiting"), wait, { method: "log", params: { raw: "went on" } }],
    });
    const { runner, jump } = own;
    const watcher = await runner.connect();
    await watcher.waitFor(({ step }) => step?.method === "process.wait");
    jump(shiftMs);
    await new Promise((resolve) => setTimeout(resolve, 600));
    writeFileSync(join(runner.app, "there"), "");
    await runner.exited;
    expect(runner.record().run.end).toMatchObject({ outcome: "finished" });
    expect(runner.output()).toContain("went on");
  });
});
