import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { download } from "../../src/runtime/base/download.js";
import { findProgram } from "../../src/runtime/base/find-program.js";
import { moveToTrash } from "../../src/runtime/base/trash.js";
import { barePackage } from "../../src/runtime/catalog/entry.js";
import { createJobs } from "../../src/runtime/library/jobs.js";
import { createPackages } from "../../src/runtime/library/packages/manager.js";
import type { PackageWorld } from "../../src/runtime/library/packages/package-kind.js";
import { openPackageStore } from "../../src/runtime/library/packages/package-store.js";
import { PinokioError } from "../../src/runtime/protocol/errors.js";
import { AppId } from "../../src/runtime/protocol/ids.js";
import type { Job } from "../../src/runtime/protocol/jobs.js";
import type { Package } from "../../src/runtime/protocol/packages.js";
import { makeVenv } from "./environments.js";
import { temporaryFolder } from "./temporary-folder.js";

const OWN_TOOLS = new URL("../../.venv/bin", import.meta.url).pathname;
const UV = findProgram("uv", [OWN_TOOLS, process.env["PATH"]].join(delimiter)) ?? "uv";

export interface TestPackages extends Disposable {
  readonly home: string;
  at(...parts: string[]): string;
  /** Puts a package into the catalog. */
  add(known: Partial<Package> & Pick<Package, "id" | "type">): void;
  readonly manager: ReturnType<typeof createPackages>;
  /** Resolves when the job is over. */
  done(job: Promise<Job>): Promise<Job>;
  /** Which environment is active: its id, or null. */
  active: string | null;
  freeBytes: number;
  /** Installed apps, by the packages they are from; installing one adds it here. */
  readonly apps: Map<string, string>;
  /** Packages whose apps are installed by half. */
  readonly half: Set<string>;
  /** Everything in the trash, below the home. */
  trash(): string[];
}

/** A home with a package manager whose programs, downloads, environments and trash are real. */
export function testPackages(): TestPackages {
  const folder = temporaryFolder();
  const home = join(folder.path, "home");
  const wheels = join(folder.path, "wheels");
  for (const path of [home, wheels, join(home, "api")]) mkdirSync(path);
  const catalog = new Map<string, Package>();
  const jobs = createJobs();
  const set = { active: null as string | null, freeBytes: 1024 ** 4 };
  const trashed: string[] = [];
  const apps = new Map<string, string>();
  const half = new Set<string>();
  const brought = new Set<string>();

  const world: PackageWorld = {
    home,
    api: join(home, "api"),
    drive: join(home, "drive"),
    envs: join(home, "envs"),
    clone: (source, to) => {
      cpSync(source.replace(/^file:\/\//, ""), to, { recursive: true });
      return Promise.resolve("0123456789abcdef0123456789abcdef01234567");
    },
    download: async ({ url, path, sha256 }, { signal, tell }) => {
      const { bytes, sha256: digest } = await download({
        url,
        to: { path },
        sha256,
        signal,
        retries: 0,
        onProgress: (done, total) => tell({ progress: { done, total, unit: "bytes" } }),
      });
      return { bytes, sha256: digest };
    },
    toTrash: (files, why) => {
      trashed.push(...files.map((file) => relative(home, file)));
      return Promise.resolve(moveToTrash(home, files, { from: home, why }));
    },
    freeBytes: () => set.freeBytes,
    activeEnvironment: () =>
      Promise.resolve(set.active === null ? null : { id: set.active, path: join(home, set.active) }),
    makeEnvironment: (path) => Promise.resolve(void makeVenv(path)),
    pip: (environment, [command = "", ...args]) => {
      const offline = command === "install" ? ["--no-index"] : [];
      execFileSync(UV, ["pip", command, ...offline, "--python", join(environment, "bin/python"), ...args], {
        env: {
          PATH: process.env["PATH"] ?? "",
          HOME: process.env["HOME"] ?? "/",
          UV_FIND_LINKS: wheels,
          UV_NO_CONFIG: "1",
        },
        stdio: "pipe",
      });
      return Promise.resolve();
    },
    apps: {
      install: ({ packageId, agreed, wanted }) => {
        const app = AppId.parse(packageId);
        if (agreed !== `seen ${packageId}`) throw new PinokioError("agreement-needed", "Nobody agreed to that");
        apps.set(packageId, app);
        if (!wanted) brought.add(app);
        return Promise.resolve(app);
      },
      uninstall: () => Promise.reject(new Error("this test uninstalls no app")),
      update: () => Promise.reject(new Error("this test updates no app")),
      want: (app) => void brought.delete(app),
      list: () =>
        [...apps].map(([packageId, app]) => ({
          ...{ app: AppId.parse(app), packageId, commit: null, installedAt: null },
          isHalf: half.has(packageId),
          wanted: !brought.has(app),
        })),
      bytesOf: () => Promise.resolve(0),
    },
  };
  const manager = createPackages({
    store: openPackageStore(join(home, "library", "packages.json"), { mayWrite: true, onProblem: () => undefined }),
    jobs,
    world,
    find: (id) => Promise.resolve(catalog.get(id) ?? null),
    onChanged: () => undefined,
    now: () => new Date("2026-11-21T10:00:00Z"),
  });

  return {
    home,
    at: (...parts) => join(folder.path, ...parts),
    add: (known) => {
      const name = known.name ?? known.id;
      const repository = "https://example.test/one";
      catalog.set(known.id, barePackage({ source: "test", name, install: repository, repository, ...known }));
    },
    manager,
    apps,
    half,
    done: async (job) => jobs.done((await job).id),
    get active() {
      return set.active;
    },
    set active(id) {
      set.active = id;
    },
    get freeBytes() {
      return set.freeBytes;
    },
    set freeBytes(bytes) {
      set.freeBytes = bytes;
    },
    trash: () => trashed.filter((path) => !existsSync(join(home, path))),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}
