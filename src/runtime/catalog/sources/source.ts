import type { PinokioError } from "../../protocol/errors.js";
import type { Package, SourceKindName } from "../../protocol/packages.js";

/** What a source gives. */
export interface SourceContent {
  packages: Package[];
  /** How many of its entries were left out, and why for the first of them. */
  skipped: number;
  problems: string[];
  /** When it was made or fetched, or null. */
  date: string | null;
}

/** Where packages come from. */
export interface CatalogSource {
  readonly id: string;
  readonly kind: SourceKindName;
  readonly label: string;
  /** Address or folder; null for what comes with us. */
  readonly address: string | null;
  /** What is known without asking a network. Throws when it cannot be read. */
  read(): Promise<SourceContent>;
  /** Asks for what is new, and throws why that cannot be had; what is known stays. Null where nobody is to be asked. */
  readonly refresh: ((signal: AbortSignal) => Promise<{ changed: boolean }>) | null;
  /** Whether it should be asked, as long as nobody says so. */
  isStale?(): boolean;
  /** Puts away what was kept of it. */
  forget?(): void;
}

/** What a person has added, as it is written down. */
export interface SourceRecord {
  id: string;
  kind: SourceKindName;
  address: string;
}

/** What sources need of the sidecar. */
export interface SourceWorld {
  /** The file of the built-in catalog, and the folder of the examples. */
  builtIn: string;
  examples: string;
  /** Where fetched indexes are kept. */
  kept: string;
  mayWrite: boolean;
  userHome: string;
  now(): Date;
  warn(problem: PinokioError): void;
}

/** One kind of source that a person can add. Implementations are the sibling files, listed in `index.ts`. */
export interface SourceKind {
  readonly kind: SourceKindName;
  /**
   * How an address is written down that is one of these; null when it is not. `isNamed` when a person has said that it
   * is. Asks no network.
   */
  addressOf(text: string, world: SourceWorld, isNamed: boolean): string | null;
  open(record: SourceRecord, world: SourceWorld): CatalogSource;
}
