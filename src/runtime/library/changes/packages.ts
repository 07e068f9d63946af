import { existsSync } from "node:fs";
import { join } from "node:path";
import { environmentsBelow } from "../../base/environments-below.js";
import { namesIn } from "../../base/names-in.js";

/** The packages of an app's environments: name and version by environment. What an update may have changed. */
export type PackageRecord = Record<string, Record<string, string>>;

/** Reads names of folders only: it costs milliseconds, also for thousands of packages. */
export async function packagesOf(folder: string): Promise<PackageRecord> {
  const record: PackageRecord = {};
  for (const below of await environmentsBelow(folder)) {
    const packages = Object.fromEntries(placesIn(join(folder, below)).flatMap(distributionsIn));
    if (Object.keys(packages).length > 0) record[below] = packages;
  }
  return record;
}

/** What is not as it was, in words; the first few. */
export function packageDifferences(before: PackageRecord, now: PackageRecord): string[] {
  const differences: string[] = [];
  for (const [environment, packages] of Object.entries(before)) {
    const found = now[environment];
    if (found === undefined) differences.push(`${environment} is gone`);
    else {
      for (const name of new Set([...Object.keys(packages), ...Object.keys(found)])) {
        const [old, present] = [packages[name], found[name]];
        if (old !== present) differences.push(`${name} ${old ?? "not there"} → ${present ?? "gone"}`);
      }
    }
  }
  return differences;
}

function placesIn(environment: string): string[] {
  const libraries = join(environment, "lib");
  return namesIn(libraries)
    .filter((name) => name.startsWith("python"))
    .map((name) => join(libraries, name, "site-packages"))
    .filter(existsSync);
}

const distributionsIn = (place: string): [name: string, version: string][] =>
  namesIn(place).flatMap((entry) => {
    const [, name, version] = /^(.+?)-([^-]+)\.dist-info$/.exec(entry) ?? [];
    return name === undefined || version === undefined ? [] : [[name, version] as [string, string]];
  });
