import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { appHome, itemsOf } from "../../helpers/app-home.js";

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

test("two-servers: a script made by a function gets its ports once, and goes on after its address is known", async () => {
  await using apps = appHome();
  apps.put("two-servers");
  expect(await apps.menu("two-servers")).toEqual([
    {
      default: true,
      text: "Start",
      href: "start.js?run=true&fullscreen=true",
      params: { run: true, fullscreen: true },
    },
  ]);
  const { answer, events, said } = await apps.play("two-servers");
  expect([answer.code, said]).toEqual([0, []]);
  const { local, shells } = await apps.status("two-servers/start.js");
  const { url, url2, back } = local as { url: string; url2: string; back: number };
  expect(url2).toBe(`http://127.0.0.1:${back}`);
  expect(shells).toBe(2);
  expect(await Promise.all([url, url2].map(async (address) => (await fetch(address)).text()))).toEqual([
    "front",
    "back",
  ]);
  expect(apps.read("two-servers/notes/last.txt")).toBe(`${url}\n`);
  const typed = events.filter(({ type, method }) => type === "step" && method === "shell.run");
  expect(typed.map(({ params }) => (params as { env?: { SERVER_PORT: number } }).env?.SERVER_PORT)).toEqual([
    back,
    Number(new URL(url).port),
    undefined,
  ]);
  expect(await apps.menu("two-servers")).toEqual([
    { default: true, text: "Open Web UI", href: url },
    { text: "Open the other one", href: url2, popout: true },
  ]);

  await apps.stop("two-servers/start.js");
  expect(await Promise.all([url, url2].map(answers))).toEqual([false, false]);
  expect(itemsOf(await apps.menu("two-servers"))).toEqual([
    "Start → start.js?run=true&fullscreen=true",
    "Notes → notes?fs",
  ]);
  expect((await apps.play("two-servers/classic.js")).said).toEqual(["linux function"]);
});

test("apps that are started at the same time get ports of their own, however they ask for them", async () => {
  await using apps = appHome();
  for (const app of ["two-servers", "self-installer"]) {
    apps.put(app);
    cpSync(apps.at(app), apps.at(`${app}-2`), { recursive: true });
  }
  await apps.run("up");
  const scripts = ["two-servers/start.js", "self-installer/start.json"].flatMap((script) => [
    script,
    script.replace("/", "-2/"),
  ]);
  const played = await Promise.all(scripts.map((script) => apps.play(script)));
  expect(played.map(({ answer, errors }) => [answer.code, ...errors])).toEqual([[0], [0], [0], [0]]);
  const states = await Promise.all(scripts.map((script) => apps.status(script)));
  const urls = states.flatMap(({ local }) => [local?.["url"], local?.["url2"] ?? []].flat().map(String));
  expect(new Set(urls.map((url) => new URL(url).port)).size).toBe(6);
  expect(await Promise.all(urls.map(answers))).toEqual(urls.map(() => true));
});

test("self-installer: the page installs itself and is killed at its address, then it serves", async () => {
  await using apps = appHome();
  const installed = await apps.install("self-installer");
  expect(installed.out).toMatch(/ERROR: optional three missing, going on/);
  expect(installed.code).toBe(0);
  const killed = JSON.parse(apps.read("self-installer/killed.json")) as { url: string };
  expect(killed.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await answers(killed.url)).toBe(false);
  expect(apps.read("self-installer/tool.txt")).toBe("from a folder of the app\n");
  expect(itemsOf(await apps.menu("self-installer"))).toEqual([
    "Install → install.json",
    "Start → start.json",
    "Readme → README.md#top",
  ]);
  expect((await apps.run("run", "self-installer")).code).toBe(0);
  const { local } = await apps.status("self-installer/start.json");
  expect(await (await fetch(String(local?.["url"]))).text()).toContain("killed.json");
});

/** Of the 60 models, those that are fetched; the others are there. */
const WANTED = 10;

test("model-shelf: a script made of a list of models starts another one for each that is missing", async () => {
  await using apps = appHome();
  apps.put("model-shelf");
  const models = JSON.parse(apps.read("model-shelf/data/models.json")) as {
    repo: string;
    files: string;
    folder: string;
  }[];
  expect(itemsOf(await apps.menu("model-shelf"))).toEqual([
    "Everything (60) → sets/everything.js",
    "Sets → undefined",
    ...["checkpoints", "loras", "vae", "clip", "upscale"].map((folder) => `${folder} → sets/one.js`),
  ]);

  const one = await apps.play("model-shelf/sets/one.js", { input: { folder: "vae" } });
  expect(one.said).toEqual(["true vae"]);
  const vae = models.filter(({ folder }) => folder === "vae");
  expect(readdirSync(apps.at("model-shelf/app/models/vae")).sort()).toEqual(vae.slice(0, 2).map(({ files }) => files));

  // Some were fetched by hand.
  for (const { folder, files } of models.slice(WANTED)) {
    writeFileSync(join(makeFolder(apps.at("model-shelf/app/models", folder)), files), "by hand");
  }
  const all = await apps.play("model-shelf/sets/everything.js");
  expect(all.errors).toEqual([]);
  const asked = all.events.filter(({ type, method }) => type === "step" && method === "script.start");
  const missing = models.slice(0, WANTED).filter((model) => !vae.slice(0, 2).includes(model));
  expect(asked.map(({ params }) => (params as { params: { files: string } }).params.files)).toEqual(
    missing.map(({ files }) => files),
  );
  expect(models.filter(({ folder, files }) => !apps.has("model-shelf/app/models", folder, files))).toEqual([]);
  const calls = readFileSync(join(apps.home.path, "../hf-calls.txt"), "utf8").trim().split("\n");
  expect(calls).toHaveLength(2 + missing.length);
  expect(calls.at(-1)).toBe(
    "hf download makers/upscale-1 upscale-1.bin --exclude *.md docs/* --local-dir app/models/upscale",
  );
  expect(itemsOf(await apps.menu("model-shelf"))).toContain("Look → app/models/vae");
});

const makeFolder = (path: string): string => {
  mkdirSync(path, { recursive: true });
  return path;
};
