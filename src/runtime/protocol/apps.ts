import * as z from "zod";
import { AppSettings } from "./app-settings.js";
import { CheckFinding } from "./check.js";
import { WireError } from "./errors.js";
import { AppId, RunId } from "./ids.js";
import { AppDisk, AppMarks, AppStatistics, AppStatus, AppUpdate } from "./shelf.js";

/** One entry of a launcher's menu, as the author wrote it, with what we found out added. */
export interface MenuItem {
  text?: string | undefined;
  icon?: string | undefined;
  image?: string | undefined;
  /** Relative to the app's folder for scripts and pages of the app; unchanged for `http…`. */
  href?: string | undefined;
  params?: Record<string, unknown> | undefined;
  default?: boolean | undefined;
  popout?: boolean | undefined;
  confirm?: string | undefined;
  /** True while the script behind `href` runs. */
  running?: boolean | undefined;
  menu?: MenuItem[] | undefined;
  [other: string]: unknown;
}

export const MenuItem: z.ZodType<MenuItem> = z.looseObject({
  text: z.string().optional(),
  icon: z.string().optional(),
  image: z.string().optional(),
  href: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  default: z.boolean().optional(),
  popout: z.boolean().optional(),
  confirm: z.string().optional(),
  running: z.boolean().optional(),
  get menu() {
    return z.array(MenuItem).optional();
  },
});

/** A launcher, evaluated: plain data, whatever code made it. */
export const Menu = z.object({ title: z.string(), menu: z.array(MenuItem) });
export type Menu = z.infer<typeof Menu>;

/** `choose`: it can be installed in several ways, and a person has to say which. */
export const APP_STATES = ["not-installed", "choose", "installing", "installed", "install-failed"] as const;

/** A way to install an app, as its menu offers it while nothing is installed. */
export const Installer = z.object({
  text: z.string(),
  /** Below the app's folder. */
  script: z.string(),
  /** What the script gets as input. */
  params: z.record(z.string(), z.string()),
  default: z.boolean(),
});
export type Installer = z.infer<typeof Installer>;

/** An installed app, as lists and cards show it. */
export const App = z.object({
  id: AppId,
  title: z.string(),
  description: z.string(),
  /** A `data:` URL, or null when the app has no picture. */
  icon: z.string().nullable(),
  state: z.enum(APP_STATES),
  /** Why its installation has begun and is not over, where that is so. */
  why: z.string().optional(),
  /** The ways to install it that were offered when it was put here. */
  installers: z.array(Installer),
  /** Where it was installed from, in words a person would recognise. */
  source: z.string(),
  /** The address it was cloned from, or null. */
  repository: z.string().nullable().optional(),
  /** The branch it follows; null where it stays at its commit. */
  branch: z.string().nullable().optional(),
  /** Its name in the catalog, or null. */
  package: z.string().nullable().optional(),
  /** It was installed for a while, and is to leave no trace. */
  studio: z.boolean().optional(),
  path: z.string(),
  menu: z.array(MenuItem),
  /** Why its launcher could not be evaluated, or null. */
  problem: WireError.nullable(),
  /** What its launcher does that it should not, although it works. */
  findings: z.array(CheckFinding).optional(),
  /** Runs of its scripts that are not over. */
  runs: z.array(RunId),
  /** The address its web page answers at on this machine, once a run told one. */
  url: z.string().nullable(),
  installedAt: z.string().nullable(),
  /** What a person has decided for it. */
  settings: AppSettings.optional(),
  /** How it stands, in one word. */
  status: AppStatus.optional(),
  /** What a person has written about it. */
  marks: AppMarks.optional(),
  statistics: AppStatistics.optional(),
  /** Once somebody has looked. */
  disk: AppDisk.optional(),
  /** What is newer where it came from, once that was looked for. */
  update: AppUpdate.nullish(),
});
export type App = z.infer<typeof App>;

/** What an app would do here, found out without running any of it. */
export const Inspection = z.object({
  source: z.string(),
  /** The folder it would be installed in. */
  name: AppId,
  title: z.string(),
  description: z.string(),
  /** What the person agrees to: changes whenever a script of the app changes. */
  fingerprint: z.string(),
  commit: z.string().nullable(),
  agreed: z.boolean(),
  installed: z.boolean(),
  /** The address it was fetched from; none for a folder of this machine. */
  repository: z.string().optional(),
  /** Null where it is at a commit of its own. */
  branch: z.string().nullable().optional(),
  /** The address that was asked for, where the repository is at another one now. */
  movedFrom: z.string().nullable().optional(),
  /** Its name in the catalog, or null. */
  package: z.string().nullable().optional(),
  /** Why the catalog advises against it, or null. */
  warning: z.string().nullable().optional(),
  /** Names of tokens and keys that its scripts speak of. */
  secrets: z.array(z.string()).optional(),
  /** The ways to install it; none when nothing has to be done. */
  installers: z.array(Installer),
  scripts: z.array(
    z.object({
      path: z.string(),
      commands: z.array(z.string()),
      /** Why the script could not be read inside the fence, or null. */
      problem: z.string().nullable(),
    }),
  ),
});
export type Inspection = z.infer<typeof Inspection>;
