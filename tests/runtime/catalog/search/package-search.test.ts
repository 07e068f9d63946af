import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Catalog, type CatalogOrder, createCatalog } from "../../../../src/runtime/catalog/catalog.js";
import type { InstalledPackage } from "../../../../src/runtime/catalog/installed-packages.js";
import { wholePackage } from "../../../../src/runtime/catalog/search/compact-package.js";
import { foundPackage, PackageSearch } from "../../../../src/runtime/catalog/search/package-search.js";
import { CATALOG_REQUESTS } from "../../../../src/runtime/protocol/catalog-requests.js";
import { AppId } from "../../../../src/runtime/protocol/ids.js";
import type { Package } from "../../../../src/runtime/protocol/packages.js";
import { catalogWorld } from "../../../helpers/catalog-world.js";
import { temporaryFolder } from "../../../helpers/temporary-folder.js";

const home = temporaryFolder();
let catalog: Catalog;
let packages: Package[];
const installed: InstalledPackage[] = [];

beforeAll(async () => {
  catalog = createCatalog(catalogWorld(home.path, { installed: () => Promise.resolve(installed) }).world);
  packages = await listed();
  const { id, install } = packages.find(({ name }) => name === "ComfyUI")!;
  const app = { app: AppId.parse("comfy"), favorite: true, lastUsedAt: "2026-01-01T00:00:00.000Z", history: {} };
  installed.push({ ...app, packageId: id, source: install, repository: null });
});
afterAll(() => {
  catalog.close();
  home[Symbol.dispose]();
});

/** As a page fetches it. */
async function listed(): Promise<Package[]> {
  const all: Package[] = [];
  for (let size = 1; all.length < size;) {
    const reply = CATALOG_REQUESTS["catalog.list"].reply.parse(await catalog.list({ most: 100, after: all.length }));
    size = reply.size;
    all.push(...reply.packages.map(wholePackage));
  }
  return all;
}

const query = (change: Partial<CatalogOrder>): CatalogOrder => ({
  text: "",
  filters: {},
  sort: "best",
  most: 40,
  after: 0,
  ...change,
});

test.each([
  query({}),
  query({ text: "stabel difusion" }),
  query({ text: "image generator", filters: { fits: true } }),
  query({ text: "voice", filters: { category: "audio", cpu: true }, sort: "name" }),
  query({ filters: { vramAtMost: 8, linux: true, noToken: true, type: "app" }, sort: "used" }),
  query({ filters: { installed: true } }),
  query({ text: "comfy", filters: { tag: "nothing-has-it" } }),
  query({ text: "qqqqqqq" }),
])("a page that holds the list finds what the sidecar finds: $text $filters", async (wanted) => {
  const { text, ...rest } = wanted;
  const here = CATALOG_REQUESTS["catalog.here"].reply.parse(await catalog.here());
  const search = await PackageSearch.of(packages, () => Promise.resolve());
  search.judge(here.machine, ({ id }) => here.installed[id] ?? null);
  const { places, ...answer } = search.search({ ...rest, words: text, isEmpty: here.isEmpty });
  const known = places.map((at) => packages[at]!);
  const shown = known.map((one) => foundPackage(one, here.machine, here.installed[one.id] ?? null));
  const asked = await catalog.search(wanted);
  expect({ ...answer, packages: shown, size: packages.length, pasted: null }).toEqual(asked);
});

test("the list is sent to who has another edition, and is smaller than what it says", async () => {
  const { edition, size } = await catalog.list({ most: 1, after: 0 });
  expect(size).toBe(packages.length);
  expect((await catalog.list({ edition, most: 500, after: 0 })).packages).toEqual([]);
  expect((await catalog.here()).edition).toBe(edition);
  const { packages: compact } = await catalog.list({ edition: "older", most: 500, after: 0 });
  expect(JSON.stringify(compact).length).toBeLessThan(0.75 * JSON.stringify(packages).length);
});

test("who holds the list knows which of it are installed", async () => {
  const { installed: here, isEmpty } = await catalog.here();
  expect(Object.entries(here).map(([id, { app }]) => [id, app])).toEqual([[installed[0]?.packageId, "comfy"]]);
  expect(isEmpty).toBe(false);
});
