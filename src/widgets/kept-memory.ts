import * as z from "zod";
import { CATALOG_SORTS, CatalogFilters } from "../runtime/protocol/catalog-requests.js";
import { AT_FIRST, WISH_KEY } from "./discover/wish.js";
import { TAB_KEY } from "./host.js";

const Wish = z
  .object({ text: z.string(), filters: CatalogFilters, sort: z.enum(CATALOG_SORTS) })
  .transform((wish) => ({ ...wish, most: AT_FIRST }));

/** What of a view's memory outlives its page: where somebody was, and nothing that was fetched. */
const KEPT: readonly { key: RegExp; value: z.ZodType }[] = [
  { key: new RegExp(`^${TAB_KEY}$`), value: z.string() },
  { key: new RegExp(`^${WISH_KEY}$`), value: Wish },
  { key: /^(fold|library folder) |^discover filters open$/, value: z.boolean() },
];

/** A memory that begins with what was kept the last time, and hands on what is to be kept whenever it changes. */
export class KeptMemory extends Map<string, unknown> {
  readonly #keep: (kept: Record<string, unknown>) => void;

  constructor(before: unknown, keep: (kept: Record<string, unknown>) => void) {
    super();
    this.#keep = keep;
    if (typeof before !== "object" || before === null) return;
    for (const [key, value] of Object.entries(before)) {
      const read = kindOf(key)?.safeParse(value);
      if (read?.success === true) super.set(key, read.data);
    }
  }

  override set(key: string, value: unknown): this {
    super.set(key, value);
    if (kindOf(key) !== undefined) this.#keep(Object.fromEntries([...this].filter(([name]) => kindOf(name))));
    return this;
  }
}

const kindOf = (key: string): z.ZodType | undefined => KEPT.find((kept) => kept.key.test(key))?.value;
