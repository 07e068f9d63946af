import * as z from "zod";
import {
  CATEGORIES,
  CatalogSourceState,
  CompactPackage,
  FitMachine,
  FoundPackage,
  PACKAGE_TYPES,
  PackageHere,
  SOURCE_KINDS,
} from "./packages.js";

export const CATALOG_SORTS = ["best", "name", "popularity", "used"] as const;
export type CatalogSort = (typeof CATALOG_SORTS)[number];

/** Each one leaves out what does not meet it; `false` is the same as leaving it away. */
export const CatalogFilters = z.strictObject({
  category: z.enum(CATEGORIES).optional(),
  type: z.enum(PACKAGE_TYPES).optional(),
  tag: z.string().max(100).optional(),
  source: z.string().max(200).optional(),
  /** Nothing is known that keeps it from running well here. */
  fits: z.boolean().optional(),
  /** Gigabytes of GPU memory; what runs without a graphics card meets it too. */
  vramAtMost: z.number().nonnegative().optional(),
  linux: z.boolean().optional(),
  cpu: z.boolean().optional(),
  noToken: z.boolean().optional(),
  installed: z.boolean().optional(),
});
export type CatalogFilters = z.infer<typeof CatalogFilters>;

export const CatalogQuery = z.strictObject({
  text: z.string().max(500).default(""),
  filters: CatalogFilters.default({}),
  sort: z.enum(CATALOG_SORTS).default("best"),
  most: z.number().int().min(1).max(500).default(40),
  /** How many to leave out, for who has those already. */
  after: z.number().int().min(0).max(1_000_000).default(0),
});

const SourceId = z.strictObject({ id: z.string().min(1).max(200) });

/** What can be asked of the catalog. */
export const CATALOG_REQUESTS = {
  "catalog.search": {
    params: CatalogQuery,
    reply: z.object({
      packages: z.array(FoundPackage),
      /** How many meet text and filters. */
      total: z.number(),
      /** How many there are without text and filters. */
      size: z.number(),
      /** How many of each category meet the text and the other filters. */
      counts: z.partialRecord(z.enum(CATEGORIES), z.number()),
      /** The commonest tags of what meets text and filters. */
      tags: z.array(z.object({ tag: z.string(), count: z.number() })),
      /** What the text itself names, when it is a folder's path, or the address of a repository that no source has. */
      pasted: FoundPackage.nullable(),
      /** When nothing meets text and filters: how many meet the text alone, and names that are near to it. */
      withoutFilters: z.number(),
      near: z.array(z.string()),
    }),
  },
  /** All packages in stretches, for a page that searches them itself. */
  "catalog.list": {
    params: z.strictObject({
      /** What is there already: when it is the latest, no package is sent. */
      edition: z.string().max(100).optional(),
      most: z.number().int().min(1).max(500).default(500),
      after: z.number().int().min(0).max(1_000_000).default(0),
    }),
    reply: z.object({ edition: z.string(), size: z.number(), packages: z.array(CompactPackage) }),
  },
  /** What decides how packages fit here, and which of them are installed, by their ids. */
  "catalog.here": {
    params: z.strictObject({}),
    reply: z.object({
      /** Of the list that this goes with. */
      edition: z.string(),
      machine: FitMachine,
      installed: z.record(z.string(), PackageHere),
      /** No app is installed, from wherever. */
      isEmpty: z.boolean(),
    }),
  },
  /** Pictures of packages, by their ids; those that have none are left out. */
  "catalog.pictures": {
    params: z.strictObject({ ids: z.array(z.string().max(500)).max(100) }),
    reply: z.record(z.string(), z.string()),
  },
  "catalog.info": {
    params: z.strictObject({ id: z.string().min(1).max(500) }),
    /** With packages that are like it. */
    reply: FoundPackage.extend({ similar: z.array(z.object({ id: z.string(), name: z.string() })) }),
  },
  "catalog.sources": { params: z.strictObject({}), reply: z.array(CatalogSourceState) },
  "catalog.addSource": {
    params: z.strictObject({
      /** Of an index or a repository, or a folder's path. */
      address: z.string().min(1).max(2_000),
      /** Without it the address says. */
      kind: z.enum(SOURCE_KINDS).exclude(["built-in", "examples"]).optional(),
    }),
    reply: CatalogSourceState,
  },
  "catalog.removeSource": { params: SourceId, reply: z.object({}) },
  /** Asks sources for what is new: the one, or all that can be asked. Answers how they stand then. */
  "catalog.refresh": {
    params: z.strictObject({ id: z.string().min(1).max(200).optional() }),
    reply: z.array(CatalogSourceState),
  },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;
