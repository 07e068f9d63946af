import * as z from "zod";
import {
  CATEGORIES,
  PACKAGE_PLATFORMS,
  PACKAGE_TYPES,
  type Package,
  PackageFile,
  PythonRequirement,
} from "../protocol/packages.js";

/** How much a catalog may say: a person reads it, a frame holds it, and nobody knows who wrote it. */
const MOST = { id: 100, name: 120, summary: 600, tag: 50, tags: 30, list: 50, word: 100, address: 500, warning: 500 };
const ICON_CHARACTERS = 40_000;

// Control characters, and those that change the direction of text.
const STEERING = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

const text = (most: number) =>
  z
    .string()
    .max(most)
    .transform((said) => said.replace(STEERING, " ").trim());
const someText = (most: number) => text(most).refine((said) => said !== "", "is empty");
const words = (most: number = MOST.list) => z.array(someText(MOST.word)).max(most);
const gigabytes = z.number().nonnegative().max(100_000).nullable();

/** An address that git can fetch and that starts no program of its own. */
export const RepositoryAddress = z
  .string()
  .max(MOST.address)
  .refine(isRepositoryAddress, "is no http or https address of a repository");

function isRepositoryAddress(said: string): boolean {
  if (!/^https?:\/\//.test(said) || /[\s\x00-\x1f\x7f#@]/.test(said) || !URL.canParse(said)) return false;
  const { hostname, pathname, search } = new URL(said);
  return hostname !== "" && search === "" && pathname.replace(/\/+$/, "") !== "";
}

const Needs = z.object({
  gpu: z.enum(["nvidia", "any", "none"]).nullable().default(null),
  vramGB: gigabytes.default(null),
  diskGB: gigabytes.default(null),
  platforms: z.array(z.enum(PACKAGE_PLATFORMS)).max(3).default([]),
  conda: z.boolean().nullable().default(null),
  sudo: z.boolean().nullable().default(null),
  credentials: words().default([]),
  external: words().default([]),
});

/** One entry as it stands in an index: what it must say, and what the rest is taken for. */
export const Entry = z.object({
  id: z
    .string()
    .max(MOST.id)
    .regex(/^[a-z0-9][a-z0-9._-]*$/i, "is not made of letters, digits, dots, dashes and underscores"),
  name: someText(MOST.name),
  repo: RepositoryAddress,
  summary: text(MOST.summary).default(""),
  type: z.enum(PACKAGE_TYPES).default("app"),
  category: z.enum(CATEGORIES).default("utility"),
  tags: z.array(someText(MOST.tag)).max(MOST.tags).default([]),
  version: someText(MOST.word).nullable().default(null),
  branch: z
    .string()
    .max(MOST.word)
    .regex(/^[\w][\w./-]*$/, "is no name of a branch")
    .nullable()
    .default(null),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, "is no commit")
    .nullable()
    .default(null),
  dependencies: words().default([]),
  requires: Needs.default(() => Needs.parse({})),
  models: words().default([]),
  files: z.array(PackageFile).max(MOST.list).default([]),
  python: z.array(PythonRequirement).max(MOST.list).default([]),
  upstream: text(MOST.address).nullable().default(null),
  port: z.number().int().min(1).max(65_535).nullable().default(null),
  linux: z.enum(["works", "partial", "no", "unknown"]).default("unknown"),
  cpu: z.enum(["yes", "slow", "no", "unknown"]).default("unknown"),
  available: z.boolean().default(true),
  warning: someText(MOST.warning).nullable().default(null),
  icon: z
    .string()
    .max(ICON_CHARACTERS)
    .regex(/^data:image\/(?:png|jpeg|gif|webp|svg\+xml);/, "is no data: address of a picture")
    .nullable()
    .default(null),
  popularity: z.number().nonnegative().nullable().default(null),
});
export type Entry = z.infer<typeof Entry>;

/** An index: a list of entries, each looked at by itself. */
export const Index = z.object({
  version: z.literal(1),
  /** The day it was made. */
  generated: z.string().max(40).optional(),
  apps: z.array(z.unknown()),
});
export type Index = z.infer<typeof Index>;

export function packageOf(entry: Entry, source: string, prefix: string): Package {
  const { id, repo, branch, commit, tags, ...rest } = entry;
  const at = commit !== null ? `@${commit}` : branch !== null ? `#${branch}` : "";
  return {
    ...rest,
    id: `${prefix}${id}`,
    source,
    tags: tags.map((tag) => tag.toLowerCase()),
    install: `${repo}${at}`,
    repository: repo,
    commit,
  };
}

/** What is left when a source says nothing but a name and an address. */
export function barePackage(
  known: Pick<Package, "id" | "source" | "name" | "install" | "repository"> & Partial<Package>,
): Package {
  return {
    ...packageOf(
      Entry.parse({ id: "bare", name: known.name === "" ? known.id : known.name, repo: "https://example.org/bare" }),
      known.source,
      "",
    ),
    ...known,
  };
}
