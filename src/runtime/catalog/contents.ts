import { toWireError, type WireError } from "../protocol/errors.js";
import type { Package } from "../protocol/packages.js";
import { originOf } from "./installed-packages.js";
import type { CatalogSource } from "./sources/source.js";

/** What all sources together give. */
export interface Contents {
  packages: Package[];
  /** Places in `packages`. */
  byId: Map<string, number>;
  byOrigin: Map<string, number>;
  bySource: Map<string, ReadSource>;
}

interface ReadSource {
  packages: number;
  skipped: number;
  problems: string[];
  date: string | null;
  error: WireError | null;
}

/** Reads every source; one that cannot be read costs nobody the others. What two of them have is the first one's. */
export async function readSources(sources: readonly CatalogSource[]): Promise<Contents> {
  const contents: Contents = { packages: [], byId: new Map(), byOrigin: new Map(), bySource: new Map() };
  const installs = new Set<string>();
  for (const source of sources) {
    const into: ReadSource = { packages: 0, skipped: 0, problems: [], date: null, error: null };
    contents.bySource.set(source.id, into);
    try {
      const { packages, ...rest } = await source.read();
      Object.assign(into, rest);
      for (const wanted of packages) {
        const origin = originOf(wanted.install);
        const install = `${origin} ${wanted.version} ${wanted.commit}`;
        if (installs.has(install) || contents.byId.has(wanted.id)) {
          into.skipped++;
          into.problems.push(
            `${JSON.stringify(wanted.name)} is there already from another source, which is the one shown`,
          );
          continue;
        }
        installs.add(install);
        const place = contents.packages.push(wanted) - 1;
        contents.byId.set(wanted.id, place);
        if (!contents.byOrigin.has(origin)) contents.byOrigin.set(origin, place);
        into.packages++;
      }
      into.problems = into.problems.slice(0, MOST_PROBLEMS);
    } catch (error) {
      into.error = toWireError(error);
    }
  }
  return contents;
}

const MOST_PROBLEMS = 20;
