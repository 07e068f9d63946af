import type { CatalogFilters, CatalogSort } from "../../runtime/protocol/catalog-requests.js";
import type { ReplyOf } from "../../runtime/protocol/requests.js";

/** What a person wants to see of the catalog. */
export interface Wish {
  text: string;
  filters: CatalogFilters;
  sort: CatalogSort;
  most: number;
}

/** Where the view remembers it. */
export const WISH_KEY = "discover wish";
export const AT_FIRST = 40;
export const NO_WISH: Wish = { text: "", filters: {}, sort: "best", most: AT_FIRST };

export type FoundPackages = ReplyOf<"catalog.search">;

/** What may be an address or a folder's path; only the sidecar knows. */
export const mayBeAddress = (text: string): boolean => /[/\\:@~]/.test(text);
