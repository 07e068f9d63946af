import * as z from "zod";
import { CheckReport } from "./check.js";
import { WireError } from "./errors.js";
import { AppId } from "./ids.js";

export const PACKAGE_TYPES = ["app", "plugin", "model", "task", "library"] as const;
export const CATEGORIES = ["image", "video", "audio", "llm", "3d", "utility"] as const;
export type Category = (typeof CATEGORIES)[number];
export const PACKAGE_PLATFORMS = ["linux", "win32", "darwin"] as const;

/** What a package asks of a machine, as far as its source knows. */
export const PackageNeeds = z.object({
  /** The graphics card: NVIDIA's only, any, or none needed; null is unknown. */
  gpu: z.enum(["nvidia", "any", "none"]).nullable(),
  /** Figures that an author states; null says nothing. */
  vramGB: z.number().nullable(),
  diskGB: z.number().nullable(),
  /** Where install and start are reachable; empty is unknown, or broken everywhere. */
  platforms: z.array(z.enum(PACKAGE_PLATFORMS)),
  conda: z.boolean().nullable(),
  sudo: z.boolean().nullable(),
  /** Names of tokens and keys. */
  credentials: z.array(z.string()),
  /** Programs outside the launcher; `display` is a desktop to open a window on. */
  external: z.array(z.string()),
});
export type PackageNeeds = z.infer<typeof PackageNeeds>;

/** A file that a model consists of. */
export const PackageFile = z.object({
  url: z.string().regex(/^https?:\/\/\S+$/, "is no http or https address"),
  /** What it is called in its family's folder of the drive. */
  name: z.string().regex(/^[^./\\][^/\\]{0,199}$/, "is no file name"),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, "is no SHA-256")
    .nullable()
    .default(null),
  bytes: z.number().nonnegative().nullable().default(null),
});
export type PackageFile = z.infer<typeof PackageFile>;

/** A requirement as package managers of Python take it, such as `numpy>=1.26`: never an option. */
export const PythonRequirement = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9][\w.-]*(?:\[[\w,.-]*\])?(?: ?(?:[=<>!~]=?=?) ?[\w.*+!-]+(?:, ?(?:[=<>!~]=?=?) ?[\w.*+!-]+)*)?$/,
    "is no requirement",
  );

/** One entry of the catalog, whichever source it is from. */
export const Package = z.object({
  /** Its own in the whole catalog. */
  id: z.string(),
  /** The source it is from. */
  source: z.string(),
  type: z.enum(PACKAGE_TYPES),
  name: z.string(),
  summary: z.string(),
  category: z.enum(CATEGORIES),
  tags: z.array(z.string()),
  /** What `apps.inspect` and `apps.install` take. */
  install: z.string(),
  /** Address of its git repository; null for a folder of this machine that was not cloned. */
  repository: z.string().nullable(),
  version: z.string().nullable(),
  commit: z.string().nullable(),
  /** Ids of packages that must be installed for it to be of use. */
  dependencies: z.array(z.string()),
  requires: PackageNeeds,
  /** Families of models it links or downloads. */
  models: z.array(z.string()),
  /** Of a model: what is downloaded into the folder of its first family. */
  files: z.array(PackageFile).default([]),
  /** Of a library: what is put into a Python environment. */
  python: z.array(PythonRequirement).default([]),
  /** What its installer clones first. */
  upstream: z.string().nullable(),
  port: z.number().nullable(),
  linux: z.enum(["works", "partial", "no", "unknown"]),
  cpu: z.enum(["yes", "slow", "no", "unknown"]),
  /** False when its repository could not be fetched when its source was made. */
  available: z.boolean(),
  /** Shown before anything else; it is installed only by who says so despite it. */
  warning: z.string().nullable(),
  /** A `data:` address. */
  icon: z.string().nullable(),
  /** Stars or installs, where its source counts them. */
  popularity: z.number().nullable(),
});
export type Package = z.infer<typeof Package>;

/** The best first. */
export const FIT_VERDICTS = ["fits", "tight", "slow", "unknown", "no"] as const;
export type FitVerdict = (typeof FIT_VERDICTS)[number];

/** Whether a package suits this machine; the first reason is the one that decided. */
export const Fit = z.object({
  verdict: z.enum(FIT_VERDICTS),
  /** Sentences with their values; `verdict` is what the reason alone comes to, null where it decides nothing. */
  reasons: z.array(z.object({ text: z.string(), verdict: z.enum(FIT_VERDICTS).nullable() })),
});
export type Fit = z.infer<typeof Fit>;

/** The machine that packages are judged for. */
export const FitMachine = z.object({
  platform: z.string(),
  gpu: z
    .object({
      maker: z.enum(["nvidia", "amd", "apple"]),
      name: z.string(),
      memoryBytes: z.number().nullable(),
    })
    .nullable(),
  diskFreeBytes: z.number(),
  /** Programs outside of launchers that are here, as packages name them; `display` is a desktop. */
  programs: z.array(z.string()),
});
export type FitMachine = z.infer<typeof FitMachine>;

/** What is known of a package besides what its source says. */
export const FitHistory = z.object({
  /** What `check` says, once the repository is here, with its gravest sentence. */
  check: z.object({ verdict: CheckReport.shape.verdict, why: z.string().nullable() }).optional(),
  /** What came of installing it here. */
  past: z.object({ installs: z.number(), failures: z.number(), lastFailure: z.string().nullable() }).optional(),
});
export type FitHistory = z.infer<typeof FitHistory>;

/** An app that was installed from a package, as far as that package has to do with it. */
export const PackageHere = z.object({
  app: AppId,
  favorite: z.boolean(),
  lastUsedAt: z.string().nullable(),
  history: FitHistory,
});
export type PackageHere = z.infer<typeof PackageHere>;

/** A package as it is sent with all others: without its picture, and without what is as it mostly is. */
export const CompactPackage = Package.omit({ icon: true })
  .partial()
  .required({ id: true, source: true, name: true, install: true })
  .extend({
    requires: PackageNeeds.partial().optional(),
    hasIcon: z.boolean().optional(),
  });
export type CompactPackage = z.infer<typeof CompactPackage>;

/** A package with what is known of it here. */
export const FoundPackage = Package.extend({
  fit: Fit,
  /** The app that was installed from it. */
  installed: AppId.nullable(),
  favorite: z.boolean(),
  lastUsedAt: z.string().nullable(),
});
export type FoundPackage = z.infer<typeof FoundPackage>;

export const SOURCE_KINDS = ["examples", "built-in", "index", "folder", "repository"] as const;
export type SourceKindName = (typeof SOURCE_KINDS)[number];

/** Where packages of the catalog come from, and how that stands. */
export const CatalogSourceState = z.object({
  id: z.string(),
  kind: z.enum(SOURCE_KINDS),
  label: z.string(),
  /** Address or folder; null for what comes with us. */
  address: z.string().nullable(),
  /** How many packages it gives. */
  packages: z.number(),
  /** How many of its entries were left out, and why for the first of them. */
  skipped: z.number(),
  problems: z.array(z.string()),
  /** When it was made, or fetched last; null where nobody knows. */
  date: z.string().nullable(),
  /** Why it could not be read or refreshed; what was there before is still shown. */
  error: WireError.nullable(),
  canRemove: z.boolean(),
  canRefresh: z.boolean(),
});
export type CatalogSourceState = z.infer<typeof CatalogSourceState>;
