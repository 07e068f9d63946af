import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { isInside } from "../../base/inside-folder.js";
import { namesIn } from "../../base/names-in.js";
import { treeSize } from "../../base/tree-size.js";
import { PinokioError } from "../../protocol/errors.js";
import type { Package } from "../../protocol/packages.js";
import { folderNameOf, viewOf } from "./cloned-folder.js";
import type { FoundHere, PackageKind, PackageWorld } from "./package-kind.js";
import type { PackageRecord } from "./package-store.js";

/** Python packages, put by uv into the active environment, or into one of their own. */
export const library: PackageKind = {
  type: "library",

  plan: async (pack, world) => {
    if (pack.python.length === 0) {
      throw new PinokioError("source-unsupported", `${pack.name} names no Python package`, {
        hint: "Its entry in the catalog has to list what it consists of",
      });
    }
    return { where: await placeFor(pack, null, world), bytes: null, inspect: null };
  },

  install: async ({ pack, before }, world, context) => {
    const place = await placeFor(pack, before, world);
    const path = join(world.home, place);
    if (!existsSync(join(path, "bin", "python"))) {
      context.tell({ phase: "environment" });
      await world.makeEnvironment(path, context);
    }
    context.tell({ phase: "packages" });
    await world.pip(path, ["install", ...(before === null ? [] : ["--upgrade"]), ...pack.python], context);
    const version = pack.version ?? versionIn(path, namesOf(pack.python)[0] ?? "");
    return { version, commit: pack.commit, place, files: [], requirements: pack.python };
  },

  list: (records, { home }) => records.map((record) => viewOf(record, problemOf(record, home))),

  removal: async (found, records, world) => {
    if (isAlone(found, records, world)) {
      const { bytes } = await treeSize([join(world.home, found.place)]);
      return { goes: [{ what: found.place, bytes }], inUse: [] };
    }
    return {
      goes: goingNames(found, records).map((name) => ({ what: `${name} of ${found.place}`, bytes: 0 })),
      inUse: [],
    };
  },

  remove: async (found, records, world, context) => {
    const path = join(world.home, found.place);
    if (!existsSync(path)) return;
    if (isAlone(found, records, world)) return void (await world.toTrash([path], "uninstall"));
    const names = goingNames(found, records);
    if (names.length > 0) await world.pip(path, ["uninstall", ...names], context);
  },
};

/** Where it is stays where it is; else the active environment decides. */
async function placeFor(pack: Package, before: PackageRecord | null, world: PackageWorld): Promise<string> {
  if (before !== null) return before.place;
  const active = await world.activeEnvironment();
  return active?.id ?? relative(world.home, join(world.envs, folderNameOf(pack)));
}

/** An environment that was made for this package and holds no other. */
const isAlone = ({ id, place }: FoundHere, records: readonly PackageRecord[], { home, envs }: PackageWorld): boolean =>
  place === relative(home, join(envs, folderNameOf({ id }))) &&
  isInside(envs, join(home, place)) &&
  !records.some((other) => other.id !== id && other.place === place);

/** What no other package of the same environment wants. */
function goingNames({ id, place, record }: FoundHere, records: readonly PackageRecord[]): string[] {
  const others = records.filter((other) => other.id !== id && other.place === place);
  const kept = new Set(others.flatMap(({ requirements }) => namesOf(requirements)));
  return namesOf(record?.requirements ?? []).filter((name) => !kept.has(name));
}

const namesOf = (requirements: readonly string[]): string[] =>
  requirements.map((one) => plain(/^[A-Za-z0-9][\w.-]*/.exec(one)?.[0] ?? one));

const plain = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-");

function problemOf({ place, requirements }: PackageRecord, home: string): string | null {
  const path = join(home, place);
  if (!existsSync(path)) return `The environment ${place} is gone`;
  const missing = namesOf(requirements).filter((name) => versionIn(path, name) === null);
  return missing.length === 0 ? null : `${missing.join(", ")} is not in ${place} any more`;
}

/** The version of a package, by the folder that describes it; null when it is not there. */
function versionIn(environment: string, name: string): string | null {
  for (const python of namesIn(join(environment, "lib")).filter((one) => one.startsWith("python3"))) {
    for (const described of namesIn(join(environment, "lib", python, "site-packages"))) {
      const [, found, version] = /^(.+)-([^-]+)\.dist-info$/.exec(described) ?? [];
      if (found !== undefined && plain(found) === name) return version ?? null;
    }
  }
  return null;
}
