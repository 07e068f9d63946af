import { homedir, platform as osPlatform } from "node:os";
import { join } from "node:path";
import { collectMemory } from "../base/collect-memory.js";
import { findProgram } from "../base/find-program.js";
import { graphicsLater } from "../base/graphics.js";
import { type Catalog, createCatalog } from "../catalog/catalog.js";
import type { InstalledPackage } from "../catalog/installed-packages.js";
import type { AppViews } from "../library/app-views.js";
import { machineFacts } from "../platforms/machine.js";
import type { Platform } from "../platforms/platform.js";
import type { App } from "../protocol/apps.js";
import type { FitHistory, FitMachine } from "../protocol/packages.js";
import { diskOf } from "../storage/use.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import { PackageChecks } from "./package-checks.js";
import type { Runs } from "./runs.js";

export interface CatalogOptions {
  opened: OpenedHome;
  news: News;
  /** Where our programs are, and what comes with them. */
  bundles: string;
  platform: Platform;
  node: string;
  views: AppViews;
  runs: Runs;
}

export function createSidecarCatalog(options: CatalogOptions): Catalog {
  const { opened, news, bundles, platform, node, views, runs } = options;
  const { home, paths, mode } = opened;
  const checks = new PackageChecks({ home, node, bundle: join(bundles, "check-host.mjs") });
  let round = 0;
  let card: Promise<FitMachine["gpu"]> | null = null;
  const catalog = createCatalog({
    builtIn: join(bundles, "catalog.json"),
    examples: join(bundles, "examples"),
    sourcesFile: paths.catalogSources,
    kept: paths.catalogKept,
    mayWrite: mode !== "read-only",
    userHome: homedir(),
    now: () => new Date(),
    warn: (problem) => news.warn(problem),
    onChanged: () => news.events.publish({ type: "catalog-changed", round: ++round }),
    machine: async () => ({
      platform: osPlatform(),
      gpu: await (card ??= cardOf(home, platform)), // a machine's card stays what it is
      diskFreeBytes: (await diskOf(home)).freeBytes,
      programs: programsHere(),
    }),
    installed: async () =>
      (await installedApps(views)).map((app) => ({
        ...installedOf(app),
        history: { check: checks.of(app), past: pastOf(app, runs) },
      })),
    onDropped: collectMemory,
  });
  return {
    ...catalog,
    info: async (id) => {
      const found = await catalog.info(id);
      const app = (await installedApps(views)).find((one) => one.id === found.installed);
      return app !== undefined && (await checks.look(app)) ? catalog.info(id) : found;
    },
    close: () => {
      catalog.close();
      checks.close();
    },
  };
}

/** As everybody was told of them last: a search at every key does not look into folders. */
async function installedApps(views: AppViews): Promise<readonly App[]> {
  const told = views.told();
  return told.length > 0 ? told : await views.all();
}

function installedOf(app: App): Omit<InstalledPackage, "history"> {
  const { id, source, repository = null, package: packageId, marks, statistics } = app;
  return {
    app: id,
    packageId: packageId ?? null,
    source,
    repository,
    favorite: marks?.favorite ?? false,
    lastUsedAt: statistics?.lastUsedAt ?? null,
  };
}

/** What came of installing it here. */
function pastOf({ id, state }: App, { supervisor }: Runs): FitHistory["past"] {
  if (state === "installed") return { installs: 1, failures: 0, lastFailure: null };
  if (state !== "install-failed") return undefined;
  const last = supervisor.runs.findLast(({ appId, end }) => appId === id && end !== null);
  return { installs: 1, failures: 1, lastFailure: last?.end?.error?.message ?? "its script did not come to its end" };
}

/** The card that counts for scripts, with its memory to the megabyte where the driver says it. */
async function cardOf(home: string, platform: Platform): Promise<FitMachine["gpu"]> {
  const { gpu: maker, gpu_model, vram } = await graphicsLater(home);
  if (maker !== "nvidia" && maker !== "amd" && maker !== "apple") return null;
  const [first] =
    maker === "nvidia" ? (await machineFacts(platform, { path: home, ...(await diskOf(home)) })).gpus : [];
  const memoryBytes = first?.memoryBytes ?? (vram > 0 ? vram * 1024 ** 3 : null);
  return { maker, name: first?.name ?? gpu_model ?? `${maker.toUpperCase()} graphics card`, memoryBytes };
}

/** Those that packages name; a desktop is where windows can be opened. */
function programsHere(): string[] {
  const path = process.env["PATH"];
  const here = ["docker", "ollama", "espeak-ng"].filter((name) => findProgram(name, path) !== null);
  const display = process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"] ?? "";
  return display === "" ? here : [...here, "display"];
}
