import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";
import { runToEnd, startRunner } from "../../helpers/test-runner.js";

type Step = Record<string, unknown>;

const log = (raw: string): Step => ({ method: "log", params: { raw } });
const write = (path: string, text: string): Step => ({ method: "fs.write", params: { path, text } });

function put(home: TestHome, files: Record<string, unknown>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(home.path, "api", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  }
}

const play = (home: TestHome, script: string) => home.run("script", "run", join(home.path, "api", script));
const read = (home: TestHome, path: string): string => readFileSync(join(home.path, "api", path), "utf8");

/** A folder with a program that pretends to be NVIDIA's tool and writes down how often it was asked. */
function nvidia(folder: string): { path: string; asked(): string[] } {
  const calls = join(folder, "calls");
  writeFileSync(
    join(folder, "nvidia-smi"),
    `#!/bin/sh
echo "asked $*" >> ${calls}
if [ $# = 0 ]; then echo '| Driver Version: 570.1   CUDA Version: 12.8 |'
else echo 'NVIDIA L4, 23034, 570.1, 8.9'; fi
`,
  );
  chmodSync(join(folder, "nvidia-smi"), 0o755);
  return {
    path: `${folder}:${process.env["PATH"] ?? ""}`,
    asked: () => (existsSync(calls) ? readFileSync(calls, "utf8").split("\n").filter(Boolean) : []),
  };
}

const plain = (): boolean => !existsSync("/proc/driver/nvidia/version");

describe("names that Pinokio does not know", () => {
  test("say where a script is, and when", async () => {
    const { output } = await runToEnd({
      run: [
        log("[{{app}}|{{cloud_platform}}|{{drive}}|{{home.length > 0}}|{{path.basename(home)}}]"),
        log("at={{timestamp}}="),
      ],
    });
    expect(output).toContain("[app|local|null|true|home]");
    const at = /at=(.*?)=/.exec(output)?.[1] ?? "";
    expect(new Date(at).toISOString()).toBe(at);
  });

  test("a time is that of its rendering", async () => {
    const { output } = await runToEnd({
      run: [log("a={{timestamp}}="), { method: "process.wait", params: { sec: 0.05 } }, log("b={{timestamp}}=")],
    });
    const [a = "", b = ""] = ["a", "b"].map((name) => new RegExp(`${name}=(.*?)=`).exec(output)?.[1]);
    expect(Date.parse(b) - Date.parse(a)).toBeGreaterThanOrEqual(50);
  });

  test("the version of CUDA is asked for by scripts that want to know it, once", async () => {
    using folder = temporaryFolder();
    const tool = nvidia(folder.path);
    const env = { PATH: tool.path };
    const wants = { run: [log("cuda {{cuda}}"), log("again {{cuda.split('.')[0]}}")] };
    const { output } = await runToEnd(wants, { env });
    expect(output).toContain("cuda 12.8");
    expect(output).toContain("again 12");
    expect(tool.asked().filter((words) => words === "asked ")).toHaveLength(1);
    const before = tool.asked().length;
    await runToEnd({ run: [log("no cuda here: {{local.cuda}}")] }, { env });
    expect(
      tool
        .asked()
        .slice(before)
        .every((words) => words.startsWith("asked --query-gpu")),
    ).toBe(true);
  });
});

describe("variables that are kept", () => {
  test("are there at the next run, of any script of the app; others are not", async () => {
    await using home = testHome();
    put(home, {
      "a/install.json": {
        run: [
          { method: "local.set", params: { model: "large", "server.port": 7 }, persist: true },
          { method: "local.set", params: { word: "gone" } },
        ],
      },
      "a/start.json": { run: [write("said.txt", "{{local.model}} {{local.server.port}} {{local.word}}")] },
      "b/start.json": { run: [write("said.txt", "{{local.model}}")] },
    });
    for (const script of ["a/install.json", "a/start.json", "b/start.json"])
      expect((await play(home, script)).code).toBe(0);
    expect(read(home, "a/said.txt")).toBe("large 7 {{local.word}}");
    expect(read(home, "b/said.txt")).toBe("{{local.model}}");
  });
});

test("paths as authors write them on Windows are paths here, and shell text stays as it is", async () => {
  await using runner = await startRunner({
    run: [
      write("C:\\models\\a.txt", "a"),
      { method: "fs.copy", params: { src: "C:/models/a.txt", dest: "sub\\b.txt" } },
      { method: "fs.exists", params: { path: "~/drive_c\\models\\a.txt" } },
      log("there: {{input}}"),
      { method: "shell.run", params: { message: "printf '%s\\n' 'C:\\x\\y'; pwd", path: "D:\\work" } },
      { method: "json.write", params: { path: "e:\\s.json", json: { a: 1 } } },
    ],
  });
  await runner.exited;
  expect(runner.record().run.end?.outcome).toBe("finished");
  expect(readFileSync(join(runner.home, "drive_c/models/a.txt"), "utf8")).toBe("a");
  expect(readFileSync(join(runner.app, "sub/b.txt"), "utf8")).toBe("a");
  expect(runner.output()).toContain("there: true");
  expect(runner.output()).toContain("\nC:\\x\\y\r\n");
  expect(runner.output()).toContain(`${runner.home}/drive_d/work`);
  expect(existsSync(join(runner.home, "drive_e/s.json"))).toBe(true);
});

describe("a step that fails", () => {
  test("is told with everything that belongs to it, to the log and to the next step", async () => {
    await using runner = await startRunner({
      run: [
        { method: "fs.read", params: { path: "none.txt" }, on_error: "continue" },
        write("told.json", "{{JSON.stringify(input)}}"),
        { method: "nope" },
      ],
    });
    await runner.exited;
    const told = JSON.parse(readFileSync(join(runner.app, "told.json"), "utf8")) as Record<string, unknown>;
    expect(told).toEqual({
      error: true,
      code: "step-failed",
      message: expect.stringContaining("none.txt is not there"),
      hint: null,
      context: {
        method: "fs.read",
        step: "0",
        app: "app",
        platform: "local",
        file: join(runner.app, "start.json"),
      },
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    const file = join(runner.home, "logs/api_errors.log");
    const lines = readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toMatchObject([
      told,
      {
        error: true,
        code: "method-unknown",
        hint: expect.any(String),
        context: { method: "nope", step: "2", app: "app" },
      },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(runner.record().run.end?.error).toMatchObject({
      code: "method-unknown",
      context: { method: "nope", step: "2", app: "app", platform: "local" },
    });
  });

  test("of a script that another one started is that one's input when it goes on", async () => {
    await using home = testHome();
    put(home, {
      "a/bad.json": { run: [{ method: "exec", params: { message: "exit 4" } }] },
      "a/main.json": {
        run: [
          { method: "script.start", params: { uri: "bad.json" }, on_error: "continue" },
          write("told.json", "{{JSON.stringify(input)}}"),
        ],
      },
    });
    expect((await play(home, "a/main.json")).code).toBe(0);
    expect(JSON.parse(read(home, "a/told.json"))).toMatchObject({
      error: true,
      code: "step-failed",
      message: expect.stringContaining("exit code 4"),
      context: { method: "exec", app: "a" },
    });
  });
});

describe("what a script wants done on stop", () => {
  const hooked = (run: Step[]) => ({
    on: { stop: { method: "fs.append", params: { path: "bye.txt", text: "bye" } } },
    run,
  });
  const bye = (app: string): string => readFileSync(join(app, "bye.txt"), "utf8");

  test.each([
    ["is over", [log("x")], "finished"],
    ["has failed", [{ method: "nope" }], "failed"],
  ])("is done once when it %s", async (_, run, outcome) => {
    await using runner = await startRunner(hooked(run));
    await runner.exited;
    expect(runner.record().run.end?.outcome).toBe(outcome);
    expect(bye(runner.app)).toBe("bye");
  });

  test("is done once when it is stopped", async () => {
    await using runner = await startRunner({ ...hooked([log("up")]), daemon: true });
    const watcher = await runner.connect();
    await watcher.waitFor(({ state }) => state === "ready");
    expect(existsSync(join(runner.app, "bye.txt"))).toBe(false);
    watcher.stop(2_000);
    await watcher.waitFor(({ state }) => state === "ended");
    expect(bye(runner.app)).toBe("bye");
  });

  test("a script that removed itself ends without a word about it", async () => {
    const { run, output } = await runToEnd({ run: [{ method: "fs.rm", params: { path: "start.json" } }] });
    expect(run.end?.outcome).toBe("finished");
    expect(output).not.toContain("on stop");
  });
});

describe("programs that a script starts", () => {
  test("run on their own, are asked about and stopped by their id", async () => {
    await using home = testHome();
    put(home, {
      "a/serve.py": `import os, sys, time
print("Error: only words", sys.argv[1:], os.environ["WORD"], flush=True)
open("printed", "w").close()
time.sleep(1000)
`,
      "a/main.json": {
        run: [
          {
            method: "script.start",
            params: { uri: "serve.py", args: ["a b", "$HOME", "it's"], env: { WORD: "hi there" } },
          },
          { method: "local.set", params: { started: "{{input}}" } },
          { method: "script.start", params: { uri: "serve.py" } },
          { method: "local.set", params: { again: "{{input}}" } },
          { method: "process.wait", params: { on: { resources: "file:printed" } } },
          { method: "script.output", params: { id: "{{local.started.id}}", lines: 5 } },
          { method: "local.set", params: { output: "{{input}}" } },
          { method: "script.status", params: { id: "{{local.started.id}}" } },
          { method: "local.set", params: { before: "{{input.running}}" } },
          { method: "script.stop", params: { id: "{{local.started.id}}" } },
          { method: "script.status", params: { uri: "serve.py" } },
          { method: "local.set", params: { after: "{{input}}" } },
          write("local.txt", "{{JSON.stringify(local)}}"),
        ],
      },
    });
    expect((await play(home, "a/main.json")).code).toBe(0);
    const local = JSON.parse(read(home, "a/local.txt")) as Record<string, unknown>;
    const { id } = local["started"] as { id: string };
    expect(local).toMatchObject({
      started: { id: expect.stringMatching(/^run_/), status: "started" },
      again: { id, status: "running" },
      output: expect.stringContaining(`Error: only words ['a b', '$HOME', "it's"] hi there`),
      before: true,
      after: { running: false, ready: false, local: {} },
    });
  });

  test.each([
    ["go.sh", 'echo "$0 $1" > out.txt', { args: { _: ["x y"], flag: true } }, "go.sh x y"],
    ["go.js", 'require("fs").writeFileSync("out.txt", process.argv.slice(1).join(" "))', { args: "one" }, "go.js one"],
  ])("may be %s", async (name, text, params, said) => {
    await using home = testHome();
    put(home, {
      [`a/${name}`]: text,
      "a/main.json": { run: [{ method: "script.start", params: { uri: name, ...params } }] },
    });
    await play(home, "a/main.json");
    const out = join(home.path, "api/a/out.txt");
    await until(
      () => existsSync(out) && readFileSync(out, "utf8").trim(),
      (found) => found === join(home.path, "api/a", said),
    );
  });

  test("an exit code tells whether one went well", async () => {
    const { run } = await runToEnd("exit 3", { scriptName: "bad.sh" });
    expect(run.end).toMatchObject({ outcome: "failed", error: { message: expect.stringContaining("exit code 3") } });
    expect((await runToEnd("echo 'error: not really'", { scriptName: "good.sh" })).run.end?.outcome).toBe("finished");
  });

  test("a script gets variables for all of its shells", async () => {
    await using home = testHome();
    put(home, {
      "a/child.json": {
        run: [
          {
            method: "shell.run",
            params: { message: "echo $WORD $OTHER > out.txt; command -v tool >> out.txt", env: { OTHER: 2 } },
          },
        ],
      },
      "a/bin/tool": "#!/bin/sh\n",
      "a/main.json": {
        run: [
          {
            method: "script.start",
            params: { uri: "child.json", env: { WORD: "hi", OTHER: 1, PATH: ["{{path.join(cwd, 'bin')}}"] } },
          },
        ],
      },
    });
    chmodSync(join(home.path, "api/a/bin/tool"), 0o755);
    expect((await play(home, "a/main.json")).code).toBe(0);
    expect(read(home, "a/out.txt")).toBe(`hi 2\n${join(home.path, "api/a/bin/tool")}\n`);
  });
});

(plain() ? test : test.skip)("menus know the graphics card; its tool is asked once", async () => {
  await using home = testHome();
  using folder = temporaryFolder();
  const tool = nvidia(folder.path);
  put(home, {
    "a/pinokio.js": `module.exports = { menu: (kernel) => [{ href: "start.json", text: [
      kernel.gpu, kernel.gpu_model, kernel.gpu_driver, kernel.gpu_target, kernel.vram, kernel.ram > 0,
      JSON.stringify(kernel.gpus) ].join("|") }] }`,
    "a/start.json": { run: [log("x")] },
  });
  const listed = async () => {
    const { out } = await home.runWith({ PATH: tool.path }, "list", "--json");
    return (JSON.parse(out) as { menu: { text: string }[] }[])[0]?.menu[0]?.text;
  };
  const text = 'nvidia|nvidia l4|570.1|sm_89|22|true|[{"name":"nvidia","model":"NVIDIA L4","driver":"570.1"}]';
  expect(await listed()).toBe(text);
  expect(await listed()).toBe(text);
  expect(tool.asked()).toHaveLength(1);
});
