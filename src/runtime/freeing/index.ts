import type { Freeable, FreeableList } from "../protocol/freeing.js";
import { FREEABLE_KINDS } from "../protocol/freeing.js";
import { sizeText } from "../protocol/sizes.js";
import type { Freed, FreeableKind, FreeWatch, FreeWorld } from "./freeable.js";
import { caches } from "./kinds/caches.js";
import { duplicates } from "./kinds/duplicates.js";
import { environments } from "./kinds/environments.js";
import { logs } from "./kinds/logs.js";
import { partial } from "./kinds/partial.js";
import { temporary } from "./kinds/temporary.js";
import { trash } from "./kinds/trash.js";

export { packageCaches } from "./kinds/caches.js";

/** Every kind of what can go. */
const kinds: readonly FreeableKind[] = [duplicates, partial, temporary, caches, logs, environments, trash];

/** What could go now, the safest first, and of these the largest. */
export async function findFreeable(world: FreeWorld, signal: AbortSignal): Promise<FreeableList> {
  const before = world.now();
  const items: Freeable[] = [];
  for (const one of [...kinds].sort((a, b) => rankOf(a) - rankOf(b))) {
    const found = await one.find(world, { before, signal });
    items.push(...found.sort((a, b) => b.bytes - a.bytes).map((item) => ({ ...item, kind: one.kind })));
  }
  return { items, at: new Date(before).toISOString() };
}

const rankOf = ({ kind }: FreeableKind): number => FREEABLE_KINDS.indexOf(kind);

/** Frees what a person has chosen of what there was at `before`, and says what came back and what stayed. */
export async function freeItems(
  { ids, before }: { ids: readonly string[]; before: number },
  world: FreeWorld,
  watch: FreeWatch,
): Promise<Freed> {
  const all: Freed = { bytes: 0, problems: [] };
  const how = { before, signal: watch.signal };
  for (const one of kinds.filter(({ kind }) => ids.some((id) => isOf(kind, id)))) {
    for (const item of await one.find(world, how)) {
      if (!ids.includes(item.id)) continue;
      watch.signal.throwIfAborted();
      // Something may have begun to use it since.
      const refused = item.refused;
      const within = { ...watch, tell: (phase: "remove" | "compare", done = 0) => watch.tell(phase, all.bytes + done) };
      const freed = refused === null ? await one.free(item, world, how, within) : { bytes: 0, problems: [refused] };
      all.bytes += freed.bytes;
      all.problems.push(...freed.problems.map((problem) => `${item.label}: ${problem}`));
    }
  }
  return all;
}

const isOf = (kind: string, id: string): boolean => id === kind || id.startsWith(`${kind}:`);

/** What came of it, for people. */
export const freedText = ({ bytes }: Freed): string => (bytes === 0 ? "Nothing was freed" : `Freed ${sizeText(bytes)}`);
