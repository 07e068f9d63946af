import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { App } from "../../../src/runtime/protocol/apps.js";
import { appHome, itemsOf, makeRepository, makeWheel } from "../../helpers/app-home.js";
import { until } from "../../helpers/command-line.js";
import { fileServer } from "../../helpers/file-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const json = async (url: string) => (await fetch(url)).json() as Promise<Record<string, unknown>>;
const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** As the engine finds it: the wheel that fits this machine is the one that is asked for. */
const HAS_NVIDIA = existsSync("/proc/driver/nvidia/version");
const HAS_AMD = !HAS_NVIDIA && existsSync("/dev/kfd");
const BUILDS = HAS_NVIDIA ? ["cu128", "cpu"] : HAS_AMD ? ["rocm6.4"] : ["cpu"];

/** Indexes of wheels, one for each kind of card. */
async function wheelIndexes(folder: string) {
  const files = new Map<string, string>();
  for (const build of ["cu128", "rocm6.4", "cpu"]) {
    const source = `BUILD = ${JSON.stringify(build)}`;
    files.set(build, makeWheel(join(folder, build), "tinytorch", `2.7.0+${build.replace(".", "")}`, source));
  }
  const asked: string[] = [];
  const server = await fileServer((request, response) => {
    const [, build = "", , name] = decodeURIComponent(request.url ?? "").split("/");
    const file = files.get(build);
    if (file === undefined) return response.writeHead(404).end();
    if (name === file) return response.end(readFileSync(join(folder, build, file)));
    asked.push(build);
    return response
      .writeHead(200, { "content-type": "text/html" })
      .end(`<a href="${encodeURIComponent(file)}">${file}</a>`);
  });
  return { ...server, asked };
}

/** The number of the file that a person made is in the trash, or 0. */
function inTrash(home: string, file: string): number {
  const trash = join(home, "trash");
  if (!existsSync(trash)) return 0;
  return readdirSync(trash, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(file)).length;
}

test("picture-studio: cloned, given its packages, started, opened, updated, linked, reset", async () => {
  using folder = temporaryFolder();
  await using wheels = await wheelIndexes(folder.path);
  await using apps = appHome({ WHEELS: wheels.url });
  const project = makeRepository(apps, "picture-web", "studio/picture-web.git", (work) => {
    makeWheel(join(work, "wheels"), "greeter", "1.2", "def hello(name): return 'hello ' + name");
  });
  const texts = async () => itemsOf(await apps.menu("picture-studio"));

  // Before it is installed.
  apps.put("picture-studio");
  expect(await apps.menu("picture-studio")).toEqual([
    { default: true, icon: "fa-solid fa-plug", text: "Install", href: "install.js" },
  ]);
  rmSync(apps.at("picture-studio"), { recursive: true });

  // Install: a command that fails, entries that are nothing, a script with arguments, an unquoted >=.
  const installed = await apps.install("picture-studio");
  expect([installed.code, installed.err]).toEqual([0, ""]);
  expect(installed.out).toMatch(/mkdir: [^]*File exists[^]*no-such-file[^]*Installed picture-studio/);
  expect(installed.out.match(/^\$ uv .*$/gm)?.map((line) => line.slice(2))).toEqual([
    "uv pip install --no-index --find-links wheels greeter>=1.0",
    "uv pip install -r requirements.txt",
  ]);
  expect(apps.has("picture-studio/app/=1.0")).toBe(true);
  expect(readdirSync(apps.at("picture-studio/app/env"))).toContain("pyvenv.cfg");

  // The branches for this machine ran, the copied mistake included, and none after the one that ends the script.
  expect([...new Set(wheels.asked)]).toEqual([BUILDS[0]]);
  const torch = await apps.run("logs", "picture-studio/torch.js");
  expect(torch.out.match(/(?<=whl\/|\$WHEELS\/)[\w.]+(?= )/g)).toEqual(BUILDS);
  expect(torch.out).toContain(`579 ${BUILDS[0]}`);
  expect(torch.out).not.toMatch(/SystemExit|no branch fitted/);

  // Again over what is there, and without what it is usually called with.
  const repeated = apps.play("picture-studio/install.js");
  await until(texts, (items) => items.join() === "Installing → install.js");
  expect((await repeated).ends).toEqual(["picture-studio/torch.js finished", "picture-studio/install.js finished"]);
  const alone = await apps.play("picture-studio/torch.js");
  expect([alone.answer.code, alone.errors]).toEqual([1, [expect.stringMatching(/error:/i)]]);
  expect(alone.answer.out).toMatch(/virtualenv/);

  expect(await texts()).toEqual([
    "Start → start.js",
    "Start with a size → undefined",
    "small → start.js",
    "large → start.js",
    "Pictures → app/outputs?fs=true",
    "Update → update.js",
    "Install → install.js",
    "<div><strong>Save disk space</strong></div> → link.js",
    "Reset → reset.js",
  ]);

  // The default item starts it; its page says how.
  const started = await apps.run("run", "picture-studio");
  expect(started.code).toBe(0);
  const { local } = await apps.status("picture-studio/start.js");
  const url = String(local?.["url"]);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(started.err).toContain(`Ready: ${url}`);
  const prefix = realpathSync(apps.at("picture-studio/app/env"));
  expect(await json(url)).toEqual({
    greeting: "hello studio",
    build: BUILDS[0],
    prefix,
    folder: realpathSync(apps.at("picture-studio/app")),
    env: {
      SIZE: "medium",
      WORKERS: "2",
      SAFE: "true",
      SEARCH: "one:two",
      SHELF: `${realpathSync(apps.at("picture-studio"))}/shelf`,
    },
  });
  expect(await apps.menu("picture-studio")).toEqual([
    { default: true, icon: "fa-solid fa-rocket", text: "Open Web UI", href: url },
    { icon: "fa-solid fa-terminal", text: "Terminal", href: "start.js", running: true },
  ]);
  expect(await apps.status("picture-studio/start.js")).toMatchObject({ running: true, ready: true, shells: 1 });
  const [app] = JSON.parse((await apps.run("list", "--json")).out) as App[];
  expect(app).toMatchObject({ id: "picture-studio", title: "Picture Studio", state: "installed", url, problem: null });
  expect(app?.icon).toMatch(/^data:image\/svg/);

  expect((await apps.run("stop", "picture-studio")).code).toBe(0);
  expect(await answers(url)).toBe(false);
  expect(await apps.status("picture-studio/start.js")).toEqual({
    running: false,
    ready: false,
    local: null,
    shells: 0,
  });

  // An item of a lower level brings an argument.
  const [, { menu: [, large] = [] } = {}] = await apps.menu("picture-studio");
  expect(large).toEqual({ text: "large", href: "start.js", params: { size: "large" } });
  await apps.play("picture-studio/start.js", { input: large?.params });
  const { local: again } = await apps.status("picture-studio/start.js");
  expect((await json(String(again?.["url"])))["env"]).toMatchObject({ SIZE: "large" });
  await apps.stop("picture-studio/start.js");

  // Update: the app's own folder is no repository, which stops nothing.
  project.commit("news.txt", "new\n");
  const updated = await apps.play("picture-studio/update.js");
  expect(updated.ends).toEqual(["picture-studio/update.js finished"]);
  expect(apps.read("picture-studio/app/news.txt")).toBe("new\n");

  // Link: models go to the drive, also two folders to one; the environment stays where it is.
  writeFileSync(join(makeFolder(apps.at("picture-studio/app/loras")), "mine.bin"), "mine");
  const linked = await apps.play("picture-studio/link.js");
  expect(linked.ends).toEqual(["picture-studio/link.js finished"]);
  const shared = ["models", "loras", "extra-loras"].map((name) => apps.at("picture-studio/app", name));
  expect(shared.map((path) => lstatSync(path).isSymbolicLink())).toEqual([true, true, true]);
  expect(realpathSync(shared[1]!)).toBe(realpathSync(shared[2]!));
  expect(realpathSync(shared[0]!)).toMatch(/\/drive\/drives\/peers\/d\d+\/checkpoints$/);
  expect(apps.read("picture-studio/app/models/base.txt")).toMatch(/^weights/);
  expect(lstatSync(apps.at("picture-studio/app/env")).isDirectory()).toBe(true);

  // Reset: what a person made is kept, what git or a package manager brings again is not.
  writeFileSync(join(makeFolder(apps.at("picture-studio/app/outputs")), "mine.png"), "a picture");
  const reset = await apps.play("picture-studio/reset.js");
  expect(reset.ends).toEqual(["picture-studio/reset.js finished"]);
  expect(apps.has("picture-studio/app")).toBe(false);
  expect(inTrash(apps.home.path, "app/outputs/mine.png")).toBe(1);
  expect(inTrash(apps.home.path, "app/app.py") + inTrash(apps.home.path, "pyvenv.cfg")).toBe(0);
  expect(readFileSync(join(realpathDrive(apps.home.path), "loras/mine.bin"), "utf8")).toBe("mine");
  expect(await texts()).toEqual(["Install → install.js"]);
}, 120_000);

const makeFolder = (path: string): string => {
  mkdirSync(path, { recursive: true });
  return path;
};

function realpathDrive(home: string): string {
  const peers = join(home, "drive/drives/peers");
  const [drive] = readdirSync(peers);
  return join(peers, drive!);
}
