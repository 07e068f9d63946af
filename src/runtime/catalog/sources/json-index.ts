import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import * as z from "zod";
import { readState, writeFileAtomic } from "../../base/atomic-file.js";
import { PinokioError } from "../../protocol/errors.js";
import { Package } from "../../protocol/packages.js";
import { Index } from "../entry.js";
import { readEntries } from "../read-entries.js";
import { fetchIndex } from "./fetch-index.js";
import type { CatalogSource, SourceContent, SourceKind, SourceRecord, SourceWorld } from "./source.js";

/** An index as it is kept for when there is no network: entries that were looked at, and what the server said of them. */
const Kept = z.object({
  version: z.literal(1),
  address: z.string(),
  etag: z.string().nullable(),
  modified: z.string().nullable(),
  fetchedAt: z.string(),
  skipped: z.number(),
  problems: z.array(z.string()),
  packages: z.array(z.unknown()),
});
type Kept = z.infer<typeof Kept>;

/** A sidecar that reads a long index answers others meanwhile. */
const AT_ONCE = 500;
const ASK_AGAIN_MS = 24 * 60 * 60 * 1_000;

/** A list of packages at an address of the web. */
export const jsonIndex: SourceKind = {
  kind: "index",
  addressOf: (text) => {
    if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
    const url = new URL(text);
    url.hash = "";
    return url.username === "" && url.password === "" ? url.href : null;
  },
  open: (record, world) => new JsonIndex(record, world),
};

class JsonIndex implements CatalogSource {
  readonly kind = "index";
  readonly id: string;
  readonly address: string;
  readonly label: string;
  readonly #world: SourceWorld;
  readonly #file: string;
  #isAsked = false;

  constructor({ id, address }: SourceRecord, world: SourceWorld) {
    this.id = id;
    this.address = address;
    this.label = new URL(address).host;
    this.#world = world;
    this.#file = join(world.kept, `${id}.json`);
  }

  async read(): Promise<SourceContent> {
    const kept = this.#kept();
    if (kept === null) return { packages: [], skipped: 0, problems: [], date: null };
    const { skipped, problems, fetchedAt } = kept;
    const packages: Package[] = [];
    for (const [at, known] of kept.packages.entries()) {
      if (at % AT_ONCE === AT_ONCE - 1) await nextTurn();
      const result = Package.safeParse(known);
      if (result.success) packages.push(result.data);
    }
    return { packages, skipped, problems, date: fetchedAt };
  }

  readonly refresh = async (signal: AbortSignal): Promise<{ changed: boolean }> => {
    this.#isAsked = true;
    const { now, mayWrite } = this.#world;
    if (!mayWrite) throw new PinokioError("home-read-only", "This home can only be looked at here");
    const before = this.#kept();
    const fetched = await fetchIndex(this.address, before, signal);
    const fetchedAt = now().toISOString();
    if (fetched === null) {
      if (before !== null) this.#keep({ ...before, fetchedAt });
      return { changed: false };
    }
    const { apps } = parseIndex(this.address, fetched.text);
    const read = await readEntries(apps, { source: this.id, prefix: `${this.id}/` });
    if (read.packages.length === 0 && read.skipped > 0) {
      throw garbage(this.address, `none of its ${read.skipped} entries can be used. ${read.problems[0] ?? ""}`);
    }
    const { etag, modified } = fetched;
    this.#keep({ version: 1, address: this.address, etag, modified, fetchedAt, ...read });
    return { changed: true };
  };

  isStale(): boolean {
    if (this.#isAsked) return false; // once for each start: who is offline is not asked again and again
    const kept = this.#kept();
    return kept === null || this.#world.now().getTime() - Date.parse(kept.fetchedAt) > ASK_AGAIN_MS;
  }

  forget(): void {
    rmSync(this.#file, { force: true });
  }

  #kept(): Kept | null {
    if (!existsSync(this.#file)) return null;
    const found = readState(this.#file, Kept);
    if (found.kind === "read") return found.value.address === this.address ? found.value : null;
    if (found.kind !== "missing") this.#world.warn(found.error);
    return null;
  }

  #keep(kept: Kept): void {
    writeFileAtomic(this.#file, JSON.stringify(kept));
  }
}

function parseIndex(address: string, text: string): Index {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw garbage(address, `it is no JSON but begins with ${JSON.stringify(text.slice(0, 40))}`);
  }
  const result = Index.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw garbage(address, `${issue?.path.join(".") || "it"}: ${issue?.message ?? "has the wrong form"}`);
}

const garbage = (address: string, why: string): PinokioError =>
  new PinokioError("source-unreadable", `${address} is no index of packages: ${why}`, {
    hint: 'An index is {"version": 1, "apps": [{"id", "name", "repo", …}, …]}; what was fetched before stays',
  });
