import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import {
  type Catalog,
  type CatalogOrder,
  type CatalogWorld,
  createCatalog,
} from "../../../src/runtime/catalog/catalog.js";
import type { InstalledPackage } from "../../../src/runtime/catalog/installed-packages.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { toWireError } from "../../../src/runtime/protocol/errors.js";
import { catalogWorld, WITHOUT_GPU } from "../../helpers/catalog-world.js";
import { fileServer } from "../../helpers/file-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const opened: Catalog[] = [];
afterEach(() => opened.splice(0).forEach((catalog) => catalog.close()));

function catalogOf(home: string, change: Partial<CatalogWorld> = {}) {
  const made = catalogWorld(home, change);
  const catalog = createCatalog(made.world);
  opened.push(catalog);
  return { ...made, catalog };
}

const all: CatalogOrder = { text: "", filters: {}, sort: "best", most: 500, after: 0 };
const search = (catalog: Catalog, change: Partial<CatalogOrder> = {}) => catalog.search({ ...all, ...change });
const idsOf = async (catalog: Catalog, change: Partial<CatalogOrder> = {}) =>
  (await search(catalog, change)).packages.map(({ id }) => id);
const refusal = async (work: Promise<unknown>) => toWireError(await work.catch((reason: unknown) => reason));

const app = (id: string, more: object = {}) => ({
  id,
  name: `App ${id}`,
  repo: `https://example.org/o/${id}`,
  ...more,
});
const installed = (id: string, change: Partial<InstalledPackage> = {}): InstalledPackage => ({
  app: AppId.parse(id),
  packageId: null,
  source: "/somewhere",
  repository: null,
  favorite: false,
  lastUsedAt: null,
  history: {},
  ...change,
});

test("a person who has nothing yet sees the samples first, then what fits", async () => {
  const { catalog } = catalogOf("/nowhere", { machine: () => Promise.resolve(WITHOUT_GPU) });
  const { packages, total, size, counts } = await search(catalog);
  expect(packages[0]).toMatchObject({ id: "hello-server", source: "examples", icon: expect.stringMatching(/^data:/) });
  expect([total, size]).toEqual([287, 287]);
  expect(counts).toEqual({ image: 98, video: 36, audio: 72, llm: 32, "3d": 12, utility: 37 });
  const verdicts = packages.slice(3).map(({ fit }) => fit.verdict);
  expect(verdicts).toEqual([...verdicts].sort((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other)));
  expect(new Set(verdicts)).toEqual(new Set(["fits", "slow", "unknown", "no"]));
});

const ORDER = ["fits", "tight", "slow", "unknown", "no"];

test("each filter leaves out what does not meet it, and categories are counted with the others", async () => {
  const { catalog } = catalogOf("/nowhere", { machine: () => Promise.resolve(WITHOUT_GPU) });
  const only = async (filters: CatalogOrder["filters"]) => (await search(catalog, { filters })).packages;
  for (const one of await only({ category: "3d" })) expect(one.category).toBe("3d");
  for (const one of await only({ tag: "Face-Swap" })) expect(one.tags).toContain("face-swap");
  for (const one of await only({ fits: true })) expect(["fits", "tight"]).toContain(one.fit.verdict);
  for (const one of await only({ linux: true })) expect(["works", "partial"]).toContain(one.linux);
  for (const one of await only({ cpu: true }))
    expect(one.requires.gpu === "none" || /yes|slow/.test(one.cpu)).toBe(true);
  for (const one of await only({ noToken: true })) expect(one.requires.credentials).toEqual([]);
  const small = await only({ vramAtMost: 8 });
  expect(small.map(({ id }) => id)).toContain("hunyuan3d-2-lowvram"); // 6 GB
  expect(small.map(({ id }) => id)).not.toContain("hunyuan3d-2"); // 24 GB
  expect((await only({ type: "library" })).map(({ id }) => id)).toContain("streamdiffusion");
  expect((await only({ source: "examples" })).map(({ id }) => id)).toEqual([
    "hello-server",
    "gradio-sketch",
    "vite-notes",
  ]);
  expect(await only({ installed: true })).toEqual([]);

  const { counts, total } = await search(catalog, { text: "voice", filters: { category: "llm", cpu: true } });
  expect(counts.audio).toBeGreaterThan(10);
  expect(total).toBe(counts.llm ?? 0);
});

test("what is installed, a favorite or was used is known by its repository or its package", async () => {
  const { catalog } = catalogOf("/nowhere", {
    installed: () =>
      Promise.resolve([
        installed("comfy-two", { source: "https://github.com/pinokiofactory/comfy.git#main", favorite: true }),
        installed("mine", { packageId: "fooocus", lastUsedAt: "2026-11-01T00:00:00Z" }),
        installed("later", { packageId: "bark", lastUsedAt: "2026-11-02T00:00:00Z" }),
      ]),
  });
  const { packages } = await search(catalog, { filters: { installed: true }, sort: "name" });
  expect(packages.map(({ id, installed: at, favorite }) => [id, at, favorite])).toEqual([
    ["bark", "later", false],
    ["comfy", "comfy-two", true],
    ["fooocus", "mine", false],
  ]);
  expect(await idsOf(catalog, { sort: "used", most: 2 })).toEqual(["bark", "fooocus"]);
  expect(await idsOf(catalog, { most: 2 })).not.toContain("hello-server"); // somebody has something
});

test("an app of a repository that has moved is known by both addresses", async () => {
  const [old, now] = ["https://github.com/somebody/old", "https://github.com/somebody/new"];
  const { catalog } = catalogOf("/nowhere", {
    installed: () =>
      Promise.resolve([
        installed("moved", { source: old, repository: now }),
        installed("second", { source: now, repository: now }),
        installed("elsewhere", { source: old, repository: "https://github.com/somebody/third" }),
      ]),
  });
  const of = async (text: string) => (await search(catalog, { text })).pasted?.installed;
  expect([await of(old), await of(now), await of("somebody/third")]).toEqual(["moved", "second", "elsewhere"]);
});

test("an address of any server is offered as it was pasted, and as it stands in an address bar", async () => {
  const { catalog } = catalogOf("/nowhere");
  const pastedOf = async (text: string) => (await search(catalog, { text })).pasted?.install ?? null;
  for (const text of ["http://localhost:3000/x/y", "https://127.0.0.1:1/x/y", "git.example.org/x/y"]) {
    expect(await pastedOf(text)).toBe(text);
  }
  expect(await pastedOf("https://example.org/list.json")).toBeNull();
  expect(await pastedOf("C:\\x\\y")).toBeNull();
  const [first] = (await search(catalog, { text: "github.com/pinokiofactory/comfy" })).packages;
  expect(first?.name).toBe("ComfyUI");
});

test("an order by name is one by name, and what was seen can be left out", async () => {
  const { catalog } = catalogOf("/nowhere");
  const names = (await search(catalog, { sort: "name" })).packages.map(({ name }) => name.toLowerCase());
  expect(names).toEqual([...names].sort());
  const first = await idsOf(catalog, { sort: "name", most: 10 });
  const second = await idsOf(catalog, { sort: "name", most: 10, after: 10 });
  expect([...first, ...second]).toEqual(await idsOf(catalog, { sort: "name", most: 20 }));
});

test("a pasted address is a result of its own, or the package that has it", async () => {
  const { catalog } = catalogOf("/home/ada");
  expect(await search(catalog, { text: "https://github.com/somebody/new-app" })).toMatchObject({
    packages: [],
    pasted: { name: "github.com/somebody/new-app", source: "pasted", installed: null },
  });
  const known = await search(catalog, { text: "  https://github.com/PinokioFactory/comfy.git " });
  expect(known.pasted).toBeNull();
  expect(known.packages[0]?.id).toBe("comfy");
  expect((await search(catalog, { text: "~/apps/thing" })).pasted).toMatchObject({
    name: "thing",
    install: "/home/ada/apps/thing",
  });
});

test("who finds nothing is told what is near, or that filters are in the way", async () => {
  const { catalog } = catalogOf("/nowhere");
  expect(await search(catalog, { text: "zzqqxx" })).toMatchObject({ total: 0, withoutFilters: 0, near: [] });
  const hidden = await search(catalog, { text: "comfyui", filters: { category: "audio" } });
  expect(hidden).toMatchObject({ total: 0, packages: [] });
  expect(hidden.withoutFilters).toBeGreaterThan(5);
});

test("an index at an address: added, searched, refreshed, kept for the next start, removed", async () => {
  using home = temporaryFolder();
  let apps: object[] = [app("one"), { id: "broken" }];
  await using server = await fileServer((_, response) => void response.end(JSON.stringify({ version: 1, apps })));
  const { catalog, changes } = catalogOf(home.path);
  const added = await catalog.addSource(`${server.url}/index.json`);
  expect(added).toMatchObject({
    kind: "index",
    packages: 1,
    skipped: 1,
    canRemove: true,
    canRefresh: true,
    error: null,
  });
  expect(changes.length).toBeGreaterThan(0);
  expect(await idsOf(catalog, { text: "app one" })).toContain(`${added.id}/one`);
  expect(await refusal(catalog.addSource(`${server.url}/index.json`))).toMatchObject({ code: "source-exists" });

  apps = [app("two")];
  expect(await catalog.refresh(added.id)).toMatchObject([{ id: added.id, packages: 1, skipped: 0 }]);
  expect(await idsOf(catalog, { filters: { source: added.id } })).toEqual([`${added.id}/two`]);

  const next = catalogOf(home.path);
  expect(await idsOf(next.catalog, { filters: { source: added.id } })).toEqual([`${added.id}/two`]);
  next.catalog.removeSource(added.id);
  expect(await idsOf(next.catalog, { filters: { source: added.id } })).toEqual([]);
  expect((await next.catalog.sources()).map(({ id }) => id)).toEqual(["examples", "built-in"]);
});

test("without a network everything that was fetched is there, and why it is not newer is said", async () => {
  using home = temporaryFolder();
  const server = await fileServer(
    (_, response) => void response.end(JSON.stringify({ version: 1, apps: [app("one")] })),
  );
  const { id } = await catalogOf(home.path).catalog.addSource(`${server.url}/index.json`);
  await server[Symbol.asyncDispose]();
  const { catalog } = catalogOf(home.path);
  const [, , there] = await catalog.refresh();
  expect(there).toMatchObject({
    id,
    packages: 1,
    error: { code: "network-failed", message: expect.stringContaining("did not answer") },
  });
  expect(await idsOf(catalog, { filters: { source: id } })).toEqual([`${id}/one`]);
});

test("an address that cannot be read is not added", async () => {
  using home = temporaryFolder();
  const { catalog, world } = catalogOf(home.path);
  for (const [address, code] of [
    ["http://127.0.0.1:9/index.json", "network-failed"],
    [join(home.path, "missing"), "source-unreadable"],
    [`file://${world.sourcesFile}`, "repository-missing"],
    ["what is this", "source-unsupported"],
  ] as const) {
    expect(await refusal(catalog.addSource(address))).toMatchObject({ code });
  }
  expect(() => readFileSync(world.sourcesFile)).toThrow("ENOENT");
});

test("what two sources have is the first one's; ids and names of others do no harm", async () => {
  using home = temporaryFolder();
  const apps = [
    app("comfy", { name: "ComfyUI", repo: "https://github.com/pinokiofactory/comfy.git" }),
    app("fooocus", { name: "Fooocus" }),
  ];
  await using server = await fileServer((_, response) => void response.end(JSON.stringify({ version: 1, apps })));
  const { catalog } = catalogOf(home.path);
  const source = await catalog.addSource(server.url);
  expect(source).toMatchObject({ packages: 1, skipped: 1 });
  expect(source.problems[0]).toMatch(/"ComfyUI" is there already from another source/);
  const ids = await idsOf(catalog, { text: "fooocus" });
  expect(ids).toEqual(expect.arrayContaining(["fooocus", `${source.id}/fooocus`]));
  expect((await catalog.info("fooocus")).source).toBe("built-in");
  expect((await catalog.info(`${source.id}/fooocus`)).repository).toBe("https://example.org/o/fooocus");
});

test("a folder and a repository are sources too; one that has gone says so and stays removable", async () => {
  using home = temporaryFolder();
  const apps = join(home.path, "apps");
  mkdirSync(join(apps, "mine"), { recursive: true });
  writeFileSync(join(apps, "mine", "pinokio.js"), 'module.exports = { title: "My own thing" }');
  const { catalog } = catalogOf(home.path);
  const folder = await catalog.addSource(apps);
  const repository = await catalog.addSource("owner/some-name");
  expect(await idsOf(catalog, { text: "my own thing" })).toContain(`${folder.id}/mine`);
  expect(await catalog.find(repository.id)).toMatchObject({ install: "owner/some-name" });
  const file = join(home.path, "library/sources.json");
  writeFileSync(file, readFileSync(file, "utf8").replace(apps, join(home.path, "gone")));
  const { catalog: next } = catalogOf(home.path);
  const [, , gone] = await next.sources();
  expect(gone).toMatchObject({ packages: 0, error: { message: expect.stringContaining("it is not there") } });
  expect(await idsOf(next, { text: "comfyui", most: 1 })).toEqual(["comfy"]);
  next.removeSource(folder.id);
  expect((await next.sources()).map(({ id }) => id)).toEqual(["examples", "built-in", repository.id]);
});

test("what begins with the name of a source is never somebody's on GitHub, also once the source is removed", async () => {
  using home = temporaryFolder();
  const apps = join(home.path, "apps");
  mkdirSync(join(apps, "mine"), { recursive: true });
  writeFileSync(join(apps, "mine", "pinokio.js"), 'module.exports = { title: "My own thing" }');
  const { catalog } = catalogOf(home.path);
  const { id } = await catalog.addSource(apps);
  const pastedOf = async (text: string) => (await search(catalog, { text })).pasted;
  const expectNobodys = async (text: string) => {
    expect(catalog.isOfSource(text)).toBe(true);
    expect(await pastedOf(text)).toBeNull();
    expect(await refusal(catalog.info(text))).toMatchObject({ code: "package-missing" });
  };
  for (const text of [`${id}/nosuch`, `${id.toUpperCase()}/nosuch#main`]) await expectNobodys(text);
  expect((await catalog.info(`${id}/mine`)).source).toBe(id);
  catalog.removeSource(id);
  await expectNobodys(`${id}/mine`);
  expect(catalogOf(home.path).catalog.isOfSource(`${id}/mine`)).toBe(true);
  for (const text of ["somebody/mine", `https://github.com/${id}/mine`]) {
    expect(catalog.isOfSource(text)).toBe(false);
    expect(await pastedOf(text)).not.toBeNull();
  }
});

test("a list of sources of a newer version is left alone, and one that is broken set aside; the catalog goes on", async () => {
  for (const [text, isKept] of [
    ['{"version": 2, "sources": "new"}', true],
    ['{"version": 1, "sources": 7}', false],
    ["{", false],
  ] as const) {
    using home = temporaryFolder();
    const { catalog, problems, world } = catalogOf(home.path);
    mkdirSync(dirname(world.sourcesFile), { recursive: true });
    writeFileSync(world.sourcesFile, text);
    expect((await search(catalog)).size).toBe(287);
    expect(problems.map(({ code }) => code)).toEqual(["state-unreadable"]);
    if (!isKept) continue;
    expect(await refusal(catalog.addSource("owner/name"))).toMatchObject({ code: "state-unreadable" });
    expect(readFileSync(world.sourcesFile, "utf8")).toBe(text);
  }
});

test("a home that may only be looked at is searched, and not changed", async () => {
  using home = temporaryFolder();
  const { catalog, world } = catalogOf(home.path, { mayWrite: false });
  expect((await search(catalog)).size).toBe(287);
  expect(await refusal(catalog.addSource("owner/name"))).toMatchObject({ code: "home-read-only" });
  expect(() => readFileSync(world.sourcesFile)).toThrow("ENOENT");
});

test("without its file the built-in catalog says so, and the samples are there", async () => {
  const { catalog } = catalogOf("/nowhere", { builtIn: "/nowhere/catalog.json" });
  expect(await idsOf(catalog)).toEqual(["hello-server", "gradio-sketch", "vite-notes"]);
  expect((await catalog.sources())[1]).toMatchObject({ error: { code: "source-unreadable" } });
});

test("a package is known by its id or its address, with those that are like it", async () => {
  const { catalog } = catalogOf("/nowhere");
  const { similar, fit } = await catalog.info("Hunyuan3D-2");
  expect(similar.map(({ id }) => id)).toContain("hunyuan3d-2-lowvram");
  expect(fit.reasons[0]?.text).toBe("needs about 24 GB of GPU memory, this machine has 15.0");
  expect((await catalog.info("https://github.com/pinokiofactory/comfy")).id).toBe("comfy");
  expect((await catalog.info("owner/unknown")).source).toBe("pasted");
  expect(await refusal(catalog.info("app:nosuch"))).toMatchObject({ code: "package-missing" });
  expect(await refusal(catalog.info("comfyuii"))).toMatchObject({
    code: "package-missing",
    hint: expect.stringContaining("comfyui"),
  });
  expect(await catalog.find("no-such-package")).toBeNull();
});
