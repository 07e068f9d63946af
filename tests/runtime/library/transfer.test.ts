import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createJobs } from "../../../src/runtime/library/jobs.js";
import { openShelf } from "../../../src/runtime/library/shelf.js";
import { createOthersTransfer } from "../../../src/runtime/library/transfer-others.js";
import { createTransfer } from "../../../src/runtime/library/transfer.js";
import type { AppSettings } from "../../../src/runtime/protocol/app-settings.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { type ExportedPackage, type ExportedSource, LibraryFile } from "../../../src/runtime/protocol/library-file.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

type Values = NonNullable<LibraryFile["apps"][number]["values"]>;
type Preset = NonNullable<LibraryFile["apps"][number]["presets"]>[number];

const id = (name: string) => AppId.parse(name);

function machine(...present: string[]) {
  const folder = temporaryFolder();
  const here = present.map(id);
  const settings = new Map<string, AppSettings>();
  const presets = new Map<string, Preset[]>();
  const values = new Map<string, Values>();
  const secrets = new Map<string, string[]>();
  const sources: ExportedSource[] = [];
  const packages: ExportedPackage[] = [];
  /** What the catalog has: packages by id. */
  const known = new Map<string, ExportedPackage>();
  const brought: string[] = [];
  const broken = new Set<string>();
  const foreign = new Set<string>();
  const unfinished = new Set<string>();
  const shelf = openShelf({
    file: join(folder.path, "favorites.json"),
    mayWrite: true,
    onProblem: () => undefined,
    ids: () => here,
    missing: () => [],
  });
  const jobs = createJobs();
  const transfer = createTransfer({
    shelf,
    jobs,
    others: createOthersTransfer({
      packages: () => Promise.resolve({ installed: packages, broken: [], byHand: ["plugin:mine"] }),
      sources: () => Promise.resolve(sources),
      secrets: () => secrets.get("") ?? [],
      isKnown: (name) => Promise.resolve(known.has(name)),
      obstacleTo: ({ kind }) => (kind === "folder" ? new PinokioError("source-unsupported", "Not here") : null),
      addSource: (source) => {
        brought.push(source.address);
        sources.push({ ...source, id: `${source.id}-2` });
        return Promise.resolve();
      },
      install: (pack) => {
        brought.push(pack.id);
        const found = known.get(pack.id);
        if (found === undefined) return Promise.reject(new PinokioError("package-missing", "The catalog has it not"));
        packages.push({ ...pack, version: found.version });
        return Promise.resolve();
      },
    }),
    setOf: (app) => Promise.resolve({ values: values.get(app) ?? {}, secrets: secrets.get(app) ?? [] }),
    wouldSet: (app, given) =>
      Promise.resolve(Object.keys(given).filter((name) => !(name in (values.get(app) ?? {}))).length),
    set: (app, given) => {
      if (!here.includes(app)) return Promise.reject(new Error(`${app} is not here`));
      values.set(app, { ...given, ...values.get(app) });
      return Promise.resolve("odd" in given ? ["odd is no setting of it here"] : []);
    },
    ids: () => here,
    originOf: (app) =>
      Promise.resolve({
        title: app.toUpperCase(),
        origin: { kind: "git", repository: `https://git.example.test/${app}.git`, branch: null },
        package: null,
        commit: "0".repeat(40),
        agreed: "f00d",
      }),
    settingsOf: (app) => settings.get(app) ?? {},
    changeSettings: (app, change) => void settings.set(app, { ...settings.get(app), ...change } as AppSettings),
    presetsOf: (app) => presets.get(app) ?? [],
    keepPreset: (app, preset) => {
      if (!here.includes(app)) return Promise.reject(new Error(`${app} is not here`));
      presets.set(app, [...(presets.get(app) ?? []), preset]);
      return Promise.resolve();
    },
    obstacleTo: (app) => (foreign.has(app.id) ? new PinokioError("source-unsupported", "Not on this machine") : null),
    isUnfinished: (app) => unfinished.has(app.id),
    install: (app) => {
      if (unfinished.delete(app.id)) return Promise.resolve();
      if (broken.has(app.id)) return Promise.reject(new PinokioError("repository-missing", "It is gone"));
      here.push(app.id);
      brought.push(app.id);
      return Promise.resolve();
    },
    now: () => new Date("2026-01-01T00:00:00Z"),
  });
  return {
    here,
    shelf,
    favorites: join(folder.path, "favorites.json"),
    jobs,
    transfer,
    settings,
    presets,
    values,
    secrets,
    sources,
    packages,
    known,
    brought,
    broken,
    foreign,
    unfinished,
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** As it is when it has been a file. */
const asFile = (value: unknown): LibraryFile => LibraryFile.parse(JSON.parse(JSON.stringify(value)));

test("a new machine gets the apps, what was written about them and their places; again, nothing changes", async () => {
  using old = machine("a", "b", "c");
  old.shelf.mark([id("a")], { favorite: true, notes: "n", addTags: ["t"] });
  old.shelf.addFolder("Pictures", [id("c"), id("a")]);
  old.settings.set("b", { nice: 5 });
  old.presets.set("c", [{ name: "Fast", at: "2026-01-01T00:00:00.000Z", values: { "ENVIRONMENT#STEPS": "4" } }]);
  const file = asFile(await old.transfer.exported());

  using fresh = machine();
  const preview = await fresh.transfer.preview(file);
  expect(preview.apps.map(({ fate }) => fate)).toEqual(["install", "install", "install"]);
  expect(fresh.jobs.all).toEqual([]);
  expect(fresh.shelf.marks(id("a")).favorite).toBe(false);

  const taken = await fresh.transfer.take(file, { install: true });
  expect(taken.changed).toEqual(preview.changed);
  expect((await fresh.jobs.done(taken.jobId!)).state).toBe("done");
  expect(asFile(await fresh.transfer.exported())).toEqual({ ...file, apps: file.apps });

  const again = await fresh.transfer.take(file, { install: true });
  expect(again).toMatchObject({ changed: { marks: 0, settings: 0, places: 0 }, jobId: null });
  expect(again.apps.every(({ fate }) => fate === "here")).toBe(true);
});

test("what cannot come back is said, with the reason, and keeps nothing else from coming", async () => {
  using old = machine("a", "b", "c");
  const file = asFile(await old.transfer.exported());
  using fresh = machine();
  fresh.foreign.add("a");
  fresh.broken.add("b");
  const { apps, jobId } = await fresh.transfer.take(file, { install: true });
  expect(apps.map(({ appId, fate, error }) => [appId, fate, error?.message])).toEqual([
    ["a", "cannot", "Not on this machine"],
    ["b", "install", undefined],
    ["c", "install", undefined],
  ]);
  const job = await fresh.jobs.done(jobId!);
  expect(job).toMatchObject({ state: "failed", error: { code: "import-incomplete" } });
  expect(job.error?.message).toBe("1 app of 2 could not be brought back. B (b): It is gone");
  expect(job.error?.hint).toMatch(/^Of b: /); // importing again would not bring it
  expect(fresh.here).toEqual(["c"]);
});

test("what a person has here wins over the file, and is never lost", async () => {
  using old = machine("a");
  old.settings.set("a", { nice: 5, cpu: 2 });
  old.shelf.mark([id("a")], { notes: "there" });
  const file = asFile(await old.transfer.exported());
  using mine = machine("a");
  mine.settings.set("a", { nice: 1 });
  mine.shelf.mark([id("a")], { notes: "here" });
  await mine.transfer.take(file, { install: true });
  expect(mine.settings.get("a")).toEqual({ nice: 1, cpu: 2 });
  expect(mine.shelf.marks(id("a")).notes).toBe("here\n\nthere");
});

test("without installing, only what was written comes, and waits for its apps", async () => {
  using old = machine("a");
  old.shelf.mark([id("a")], { favorite: true });
  using fresh = machine();
  const { jobId } = await fresh.transfer.take(asFile(await old.transfer.exported()), { install: false });
  expect(jobId).toBeNull();
  const kept = asFile(await fresh.transfer.exported());
  expect(kept.apps).toMatchObject([{ id: "a", origin: null, marks: { favorite: true } }]);
});

test("an installation that was cut off goes on with the next import, which says so", async () => {
  using old = machine("a");
  const file = asFile(await old.transfer.exported());
  using fresh = machine("a");
  fresh.unfinished.add("a");
  const { apps, jobId } = await fresh.transfer.take(file, { install: true });
  expect(apps).toMatchObject([{ appId: "a", fate: "install" }]);
  expect(await fresh.jobs.done(jobId!)).toMatchObject({ state: "done", title: "Bring back A (a)" });
  expect((await fresh.transfer.take(file, { install: true })).apps).toMatchObject([{ fate: "here" }]);
});

test("settings that wait for an app that cannot come are not counted each time anew", async () => {
  using old = machine("a");
  old.presets.set("a", [{ name: "Fast", at: "2026-01-01T00:00:00.000Z", values: { "ENVIRONMENT#STEPS": "4" } }]);
  const file = asFile(await old.transfer.exported());
  using fresh = machine();
  fresh.foreign.add("a");
  for (let time = 0; time < 2; time++) {
    expect((await fresh.transfer.take(file, { install: true })).changed.settings).toBe(0);
  }
});

test("where notes and folders cannot be read, no library is exported without them", async () => {
  using old = machine("a");
  writeFileSync(old.favorites, JSON.stringify({ version: 99, thoughts: [] }));
  await expect(old.transfer.exported()).rejects.toThrow(/favorites.json was written by a newer PinokioCloud/);
});

test("what was set of apps, other packages and sources come too; secrets do not, and are named", async () => {
  using old = machine("a");
  const model = { id: "index/m1", type: "model" as const, name: "M1", source: "x", version: "1", commit: null };
  const gone = { ...model, id: "lost/m2", name: "M2" };
  old.values.set("a", { "ENVIRONMENT#STEPS": "4", odd: "x" });
  old.secrets.set("a", ["API_KEY"]).set("", ["HF_TOKEN"]);
  old.sources.push(
    { id: "index", kind: "index", address: "https://index.example.test/apps.json" },
    { id: "mine", kind: "folder", address: "/mine" },
    { id: "private", kind: "index", address: "https://me:word@index.example.test/p.json" },
  );
  old.packages.push({ ...model, wanted: true }, { ...gone, wanted: true });
  const file = asFile(await old.transfer.exported());
  expect(JSON.stringify(file)).not.toContain("me:word");
  expect(file.apps[0]?.warnings).toEqual(["Its secrets are not in the file: API_KEY"]);
  expect(file.warnings).toEqual([
    "plugin:mine was put here by hand, and is not in it",
    "The address of the source private holds a login, and is not in it",
    "Secrets of all apps are not in it: HF_TOKEN",
  ]);

  using fresh = machine();
  fresh.known.set("index-2/m1", { ...model, version: "2", wanted: true });
  const preview = await fresh.transfer.preview(file);
  expect(preview.others.map(({ name, fate }) => [name, fate])).toEqual([
    ["https://index.example.test/apps.json", "install"],
    ["/mine", "cannot"],
    ["index/m1", "install"],
    ["lost/m2", "cannot"],
  ]);
  expect(preview.changed.settings).toBe(1);
  expect(fresh.brought).toEqual([]);

  const { jobId, left } = await fresh.transfer.take(file, { install: true });
  expect(left).toEqual(["Set again for all apps: HF_TOKEN", "Set again for A (a): API_KEY"]);
  const job = await fresh.jobs.done(jobId!);
  expect(job).toMatchObject({ state: "done", title: "Bring back 1 source, 1 app, 1 package" });
  expect(job.said).toEqual([...left, "A (a): odd is no setting of it here", "M1 (index/m1): It is 2 here, and was 1"]);
  expect(fresh.brought).toEqual(["https://index.example.test/apps.json", "a", "index-2/m1"]);
  expect(fresh.values.get("a")).toEqual({ "ENVIRONMENT#STEPS": "4", odd: "x" });

  fresh.secrets.set("a", ["API_KEY"]).set("", ["HF_TOKEN"]);
  const again = await fresh.transfer.take(file, { install: true });
  expect(again).toMatchObject({ changed: { settings: 0 }, left: [], jobId: null });
});

test("a file of the first version, which knew apps only, is taken as it is", async () => {
  using fresh = machine();
  const old = { format: "pinokiocloud-library", version: 1, exportedAt: "x", apps: [], order: [] };
  const { others, left } = await fresh.transfer.take(LibraryFile.parse(old), { install: true });
  expect([others, left]).toEqual([[], []]);
});

test("a package that cannot come keeps nothing else from coming, and is named", async () => {
  using old = machine("a");
  const model = { type: "model" as const, source: "x", version: "1", commit: null, wanted: true };
  old.sources.push({ id: "index", kind: "index", address: "https://index.example.test/apps.json" });
  old.packages.push({ ...model, id: "index/m1", name: "M1" }, { ...model, id: "index/m2", name: "M2" });
  const file = asFile(await old.transfer.exported());
  using fresh = machine();
  fresh.known.set("index-2/m2", { ...model, id: "index-2/m2", name: "M2" });
  const { jobId } = await fresh.transfer.take(file, { install: true });
  const job = await fresh.jobs.done(jobId!);
  expect(job.error?.message).toBe("1 package of 2 could not be brought back. M1 (index/m1): The catalog has it not");
  expect(fresh.packages.map(({ id: name }) => name)).toEqual(["index-2/m2"]);
});
