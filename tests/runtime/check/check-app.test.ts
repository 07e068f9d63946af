import { describe, expect, test } from "@jest/globals";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { checkPlain, LINUX, NVIDIA, shell, stepsOf, WINDOWS, wordsIn } from "../../helpers/plain-app.js";

const NVIDIA_ONLY = stepsOf(
  { when: "{{gpu !== 'nvidia'}}", method: "notify", params: { html: "This app <b>needs</b> NVIDIA." }, next: null },
  shell("pip install torch"),
);

describe("what keeps an app from working is an error", () => {
  test("nothing of install runs on the machine; what it says instead is told", async () => {
    const app = { scripts: { "install.js": NVIDIA_ONLY } };
    const checked = await checkPlain(app, LINUX);
    expect(wordsIn(checked)).toEqual(["error: Nothing of install.js runs on Linux without a graphics card"]);
    expect(checked.scripts[0]?.findings[0]?.hint).toBe("It says: “This app needs NVIDIA.”");
    expect(wordsIn(await checkPlain(app, NVIDIA))).toEqual([]);
  });

  test("start calls only programs of another platform", async () => {
    const app = { scripts: { "start.js": stepsOf(shell("run.bat")) } };
    expect(wordsIn(await checkPlain(app, LINUX))).toEqual([
      "error: Nothing of start.js runs on Linux without a graphics card; it calls run.bat, made for another platform",
      "warning: start.js 1: It calls run.bat, which is made for Windows",
    ]);
    expect(wordsIn(await checkPlain(app, WINDOWS))).toEqual([]);
  });

  test("a script that install starts does nothing there: install may still work", async () => {
    const torch = stepsOf({ when: "{{platform === 'win32'}}", ...shell("pip install torch") });
    const scripts = {
      "install.js": stepsOf(shell("git clone https://host/x app"), {
        method: "script.start",
        params: { uri: "torch.js" },
      }),
      "torch.js": torch,
    };
    expect(wordsIn(await checkPlain({ scripts }))).toEqual([
      "warning: Nothing of torch.js runs on Linux without a graphics card",
    ]);
  });

  test("a step of install that certainly fails", async () => {
    const scripts = { "install.js": stepsOf(shell("a"), { method: "shell.rnu", params: {} }) };
    const checked = await checkPlain({ scripts });
    expect(wordsIn(checked)).toEqual(['error: install.js 2: No method is named "shell.rnu"']);
    expect(checked.scripts[0]?.findings[0]?.hint).toBe("Did you mean shell.run?");
  });

  test("install cannot be loaded: the place and the line are told", async () => {
    const context = { file: "/home/api/app/install.js", line: "3", column: "7", source: "message: 1" };
    const failure = new PinokioError("script-invalid", "/home/api/app/install.js:3:7: SyntaxError: no", { context });
    const checked = await checkPlain({ scripts: { "install.js": failure } });
    expect(checked.scripts[0]?.findings).toEqual([
      {
        level: "error",
        kind: "load",
        message: "SyntaxError: no",
        file: "install.js",
        line: 3,
        column: 7,
        source: "message: 1",
      },
    ]);
  });

  test("install starts a script that is not there", async () => {
    const scripts = { "install.js": stepsOf(shell("a"), { method: "script.start", params: { uri: "torch.js" } }) };
    expect(wordsIn(await checkPlain({ scripts }))).toEqual([
      "error: install.js 2: torch.js, which it starts, is not there",
    ]);
  });
});

describe("the same mistake is a warning", () => {
  const wrong = { method: "fs.move", params: {} };

  test("in a step that may not run", async () => {
    const scripts = { "install.js": stepsOf(shell("a"), { when: "{{input.stdout}}", ...wrong }) };
    expect(wordsIn(await checkPlain({ scripts }))).toEqual([
      "warning: install.js 2: fs.move: params.src: invalid input: expected string, received undefined",
      "warning: install.js 2: fs.move: params.dest: invalid input: expected string, received undefined",
    ]);
  });

  test("in a script that is neither install nor start", async () => {
    const checked = await checkPlain({ scripts: { "update.js": stepsOf(wrong) } });
    expect(checked.scripts[0]?.findings.map(({ level }) => level)).toEqual(["warning", "warning"]);
  });

  test("when old scripts are known for it", async () => {
    const copy = { method: "fs.copy", params: { from: "a", to: "b" } };
    const scripts = { "install.js": stepsOf(shell("a"), copy), "start.js": stepsOf({ method: "python", params: {} }) };
    const checked = await checkPlain({ scripts });
    expect(checked.scripts.flatMap(({ findings }) => findings.map(({ level }) => level))).toEqual([
      "warning",
      "warning",
      "info",
      "info",
      "warning",
    ]);
  });

  test("after a condition that both ways lead on from, it is certain again", async () => {
    const scripts = { "install.js": stepsOf(shell("a"), { when: "{{input.x}}", ...shell("b") }, wrong) };
    const checked = await checkPlain({ scripts });
    expect(checked.scripts[0]?.findings.map(({ level }) => level)).toEqual(["error", "error"]);
  });
});

describe("links and files", () => {
  const menu = () => [{ text: "Link", href: "link.js" }];

  test("a menu that leads to no file is told", async () => {
    expect(wordsIn(await checkPlain({ menu }))).toEqual(["warning: The menu links to link.js, which is not there"]);
  });

  test("what install makes is not missing", async () => {
    const scripts = {
      "install.js": stepsOf(shell("git clone https://host/x.git app"), {
        method: "script.start",
        params: { uri: "app/start.js" },
      }),
    };
    const links = () => [{ text: "Page", href: "app/index.html" }];
    expect(wordsIn(await checkPlain({ menu: links, scripts }))).toEqual([]);
  });

  test("a menu is asked for as it is before, after and while scripts run", async () => {
    const asked = ({ isInstalled, running }: { isInstalled: boolean; running: string | null }) => [
      { text: "x", href: running === "start.js" ? "stop.js" : isInstalled ? "start.js" : "install.js", default: true },
    ];
    const scripts = Object.fromEntries(
      ["install.js", "start.js", "stop.js"].map((name) => [name, stepsOf(shell("a"))]),
    );
    const checked = await checkPlain({ menu: asked, scripts });
    expect(checked.scripts.map(({ path, role, reached }) => [path, role, reached])).toEqual([
      ["install.js", "install", true],
      ["start.js", "start", true],
      ["stop.js", "other", true],
    ]);
  });

  test("a script that nothing leads to is looked at as well", async () => {
    const checked = await checkPlain({ scripts: { "old.json": stepsOf({ method: "python", params: {} }) } });
    expect(checked.scripts[0]).toMatchObject({ path: "old.json", reached: false, stepsHere: 1 });
    expect(wordsIn(checked)).toEqual(['warning: old.json 1: No method is named "python"']);
  });
});

describe("arguments reach the script", () => {
  const start = stepsOf(
    { when: "{{args.mode === 'cpu'}}", ...shell("cpu.sh") },
    { when: "{{args.mode !== 'cpu'}}", ...shell("gpu.sh") },
  );

  test("from the menu", async () => {
    const menu = () => [{ text: "Start", href: "start.js", params: { mode: "cpu" } }];
    expect((await checkPlain({ menu, scripts: { "start.js": start } })).scripts[0]?.stepsHere).toBe(1);
  });

  test("from the script that starts it, each time anew", async () => {
    const call = (mode: string) => ({ method: "script.start", params: { uri: "go.js", params: { mode } } });
    const scripts = { "install.js": stepsOf(call("cpu"), call("gpu")), "go.js": start };
    expect((await checkPlain({ scripts })).scripts[1]?.stepsHere).toBe(2);
  });

  test("scripts that start each other are gone through once", async () => {
    const call = (uri: string) => ({ method: "script.start", params: { uri } });
    const scripts = { "install.js": stepsOf(shell("a"), call("b.js")), "b.js": stepsOf(call("install.js")) };
    expect(wordsIn(await checkPlain({ scripts }))).toEqual([]);
  });
});

test("nothing at all is no app", async () => {
  expect(wordsIn(await checkPlain({}))).toEqual(["error: It holds no launcher and no script"]);
});

test("an app's own words say that it is for other machines", async () => {
  const app = { description: "[NVIDIA ONLY] Pictures, needs 12GB VRAM", menu: () => [] };
  const checked = await checkPlain(app, LINUX);
  expect(wordsIn(checked)).toEqual(["warning: It says of itself: “NVIDIA ONLY”"]);
  expect(checked.needs).toEqual([{ name: "12GB VRAM", kind: "space" }]);
  expect(wordsIn(await checkPlain(app, NVIDIA))).toEqual([]);
});
