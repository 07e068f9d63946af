import { PinokioError } from "../../protocol/errors.js";
import type { Package } from "../../protocol/packages.js";

/** A package, and the ids of what it needs. */
export interface Needing {
  pack: Package;
  needs: string[];
}

/** A package and everything it needs, what is needed first. Throws what is missing, and cycles, by their names. */
export async function inOrder(id: string, find: (id: string) => Promise<Package | null>): Promise<Needing[]> {
  const ordered: Needing[] = [];
  const done = new Set<string>();

  const add = async (wanted: string, above: readonly Package[]): Promise<string> => {
    const asking = above.at(-1);
    const found = (await find(wanted)) ?? (asking === undefined ? null : await find(besides(asking, wanted)));
    if (found === null) {
      const message =
        asking === undefined
          ? `There is no package ${wanted}`
          : `${asking.name} needs ${wanted}, which no source of the catalog has`;
      throw new PinokioError("package-missing", message, {
        hint: "Refresh the catalog, or add the source that has it",
      });
    }
    if (done.has(found.id)) return found.id;
    const at = above.findIndex((one) => one.id === found.id);
    if (at >= 0) {
      const cycle = [...above.slice(at).map((one) => one.id), found.id].join(" -> ");
      throw new PinokioError("requirement-missing", `Packages need one another: ${cycle}`, {
        hint: "Their entries in the catalog have to be corrected",
      });
    }
    const needs: string[] = [];
    for (const below of found.dependencies) needs.push(await add(below, [...above, found]));
    done.add(found.id);
    ordered.push({ pack: found, needs });
    return found.id;
  };

  await add(id, []);
  return ordered;
}

/** What a package needs itself, by ids; what no source has is left out. */
export async function needsOf(pack: Package, find: (id: string) => Promise<Package | null>): Promise<string[]> {
  const found = await Promise.all(
    pack.dependencies.map(async (wanted) => (await find(wanted)) ?? (await find(besides(pack, wanted)))),
  );
  return found.flatMap((one) => one?.id ?? []);
}

/** Entries of one source name each other without it. */
const besides = ({ id }: Package, wanted: string): string => `${id.slice(0, id.lastIndexOf("/") + 1)}${wanted}`;
