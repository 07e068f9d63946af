import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { BUNDLES } from "../../helpers/command-line.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";
import { runToEnd, startRunner } from "../../helpers/test-runner.js";

const PROGRAMS = new URL("../../fixtures/programs/", import.meta.url).pathname;
const MEGABYTE = 1_000_000;

const shell = (message: unknown, more: object = {}): object => ({ method: "shell.run", params: { message, ...more } });
const print = (text: string): object => ({ method: "log", params: { raw: text } });

describe("output", () => {
  test("a flood of 100 MB is kept to the last line, in order", async () => {
    const patterns = ["/never one/", "/never two/", "/end of flood/"].map((event) => ({ event }));
    await using runner = await startRunner({
      run: [
        shell(`python3 ${PROGRAMS}flood.py ${100 * MEGABYTE}`, { on: patterns }),
        print("event {{input.event[0]}}"),
      ],
    });
    const watcher = await runner.connect();
    await runner.exited;
    expect(runner.record().run.end?.outcome).toBe("finished");

    const bytes = Buffer.from(runner.output(), "latin1");
    expect(runner.record().run.outputBytes).toBe(bytes.length);
    expect(bytes.length).toBeGreaterThan(100 * MEGABYTE);
    expect(missingLine(bytes)).toBeNull();
    expect(bytes.subarray(-200).toString()).toContain("end of flood\r\nevent end of flood\r\n");
    const announced = watcher.messages.filter((message) => message.t === "output").map(({ bytes: size }) => size);
    expect(announced).toEqual([...announced].sort((a, b) => a - b));
    expect(announced.at(-1)).toBe(bytes.length);
  });

  test("is not held up by a full disk: the script goes on and the person is told", async () => {
    using scope = temporaryFolder();
    const runFolder = join(scope.path, "run");
    mkdirSync(runFolder);
    symlinkSync("/dev/full", join(runFolder, "output.log"));
    await using runner = await startRunner(
      { run: [shell(`python3 ${PROGRAMS}flood.py ${20 * MEGABYTE}`), { method: "local.set", params: { done: true } }] },
      { runFolder },
    );
    await runner.exited;
    expect(runner.record().run).toMatchObject({
      end: { outcome: "finished" },
      local: { done: true },
      warnings: ["Output is being lost: the disk is full"],
    });
  });

  test("what made a daemon ready can be read once it is", async () => {
    await using runner = await startRunner({
      daemon: true,
      run: [
        shell("for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.004; done; echo is up; sleep 1000", {
          on: [{ event: "/is up/", done: true }],
        }),
      ],
    });
    const watcher = await runner.connect();
    await watcher.waitFor(({ state }) => state === "ready");
    const sizes = watcher.messages.flatMap((told) =>
      told.t === "state" && told.run.state === "ready" ? [told.run.outputBytes] : [],
    );
    expect(runner.output().slice(0, sizes[0])).toContain("is up\r\n");
    watcher.stop(2_000);
    await runner.exited;
  });

  test("without line ends and with invalid UTF-8 it is kept as it is", async () => {
    const { output, run } = await runToEnd({
      run: [
        shell(`head -c 2000000 /dev/zero | tr '\\0' '\\377'; printf '\\nhttp://a:1 \\n'`, {
          on: [{ event: "/http\\S+/" }],
        }),
      ],
    });
    expect(run.end?.outcome).toBe("finished");
    expect(output.split("\xff").length - 1).toBe(2_000_000);
  });
});

describe("a terminal", () => {
  test("is one, of the usual size, in the folder and environment of the step", async () => {
    const { output } = await runToEnd({
      run: [
        shell('test -t 0 && test -t 1 && echo "tty $(stty size) $TERM $PWD [$A]"', { path: "sub", env: { A: "x y" } }),
        print("screen: {{input.stdout}}"),
      ],
    });
    expect(output).toMatch(/screen: tty 30 100 xterm-color \/.*\/api\/app\/sub \[x y\]/);
  });

  test("tells the exit code, and an error the way a person reads it", async () => {
    const { output } = await runToEnd({
      run: [
        shell("no-such-command-zz"),
        print("{{input.exitCode}} <{{input.stdout}}> {{input.event}} {{input.error}}"),
      ],
    });
    expect(output).toContain("127 <bash: no-such-command-zz: command not found> {{input.event}} {{input.error}}");
  });

  test("runs several lines, sources files as in a login, and ends at exit", async () => {
    const files = { rc: "case $- in *i*) ;; *) return;; esac\nalias greet='echo hello'\n" };
    const { output, run } = await runToEnd(
      { run: [shell("source ./rc\ngreet\nexit 3\necho never"), print("{{input.exitCode}}")] },
      { files },
    );
    expect(output).toMatch(/\nhello\r\nexit\r\n3\r\n$/);
    expect(run.end?.outcome).toBe("finished");
  });

  test("a pattern ends the step and leaves the program, or ends both", async () => {
    const { output } = await runToEnd({
      run: [
        shell("echo up-1; sleep 71811", { on: [{ event: "/up-(\\d)/", done: true }] }),
        print("group {{input.event[1]}}"),
        shell("echo up-2; sleep 71812", { on: [{ event: "/up-(\\d)/", kill: true }] }),
        shell("pgrep -afx 'sleep 7181[12]' | cut -d' ' -f3"),
      ],
    });
    expect(output).toContain("group 1\r\n");
    expect(output.trimEnd().split("\n").at(-1)?.trim()).toBe("71811");
  });

  test("somebody may type into it: a prompt does not end the step", async () => {
    await using runner = await startRunner({ run: [shell("echo hi", { input: true })] });
    const watcher = await runner.connect();
    await watcher.waitFor(({ shells }) => shells === 1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(watcher.latest()).toMatchObject({ state: "running", shells: 1 });
    watcher.stop(2_000);
    await watcher.waitFor(({ state }) => state === "ended");
  });
});

describe("without terminals", () => {
  const withoutTerminals = (): Disposable & { path: string } => {
    const folder = temporaryFolder();
    copyFileSync(join(BUNDLES, "runner.mjs"), join(folder.path, "runner.mjs"));
    return folder;
  };

  test("pipes are used, the person is told, and patterns find what Python prints", async () => {
    using bundles = withoutTerminals();
    const command = `python3 -c "import time; print('at http://127.0.0.1:7860'); time.sleep(1000)"`;
    await using runner = await startRunner(
      {
        daemon: true,
        run: [
          shell(command, { on: [{ event: "/http:\\S+/", done: true }] }),
          { method: "local.set", params: { url: "{{input.event[0]}}" } },
        ],
      },
      { bundles: bundles.path },
    );
    const watcher = await runner.connect();
    const { local, warnings } = await watcher.waitFor(({ state }) => state === "ready");
    expect(local).toEqual({ url: "http://127.0.0.1:7860" });
    expect(warnings).toEqual([expect.stringMatching(/^No terminal: using pipes \(Terminals cannot be opened on /)]);
    watcher.stop(2_000);
    await watcher.waitFor(({ state }) => state === "ended");
    await runner.exited;
    expect(runner.processes()).toEqual([]);
  });

  test("a command ends though it leaves a program behind that holds its output", async () => {
    using bundles = withoutTerminals();
    const { output, run } = await runToEnd({ run: [shell("sleep 1000 & echo done")] }, { bundles: bundles.path });
    expect(run.end?.outcome).toBe("finished");
    expect(output).toContain("done");
  });

  test("a flood is kept as well", async () => {
    using bundles = withoutTerminals();
    await using runner = await startRunner(
      { run: [shell(`python3 ${PROGRAMS}flood.py ${20 * MEGABYTE}`)] },
      { bundles: bundles.path },
    );
    await runner.exited;
    expect(missingLine(readFileSync(join(runner.folder, "output.log")))).toBeNull();
  });
});

/** The number of the first line of a flood that is missing or out of order, or null. */
function missingLine(bytes: Buffer): number | null {
  let line = 0;
  let at = bytes.indexOf("000000000 ");
  while (at >= 0 && Number(bytes.subarray(at, at + 9)) === line) {
    line++;
    const end = bytes.indexOf("\n", at);
    if (bytes.subarray(end + 1, end + 4).toString() === "end") return null;
    at = end + 1;
  }
  return line;
}
