import * as z from "zod";
import { MenuItem } from "./apps.js";
import { CheckedApp, CheckFinding, CheckMachine, CheckPlace, CheckSkip } from "./check.js";
import { WireError } from "./errors.js";
import { DESCRIPTION, LAUNCHER } from "./limits.js";
import { Graphics } from "./machine.js";

/** What a launcher may ask about the world, as it was when its menu was wanted. */
export const LauncherFacts = z.object({
  home: z.string(),
  platform: z.string(),
  arch: z.string(),
  gpu: z.string(),
  /** The graphics card in full, when somebody has looked. */
  graphics: Graphics.optional(),
  /** Scripts that run or ran, by absolute path. */
  scripts: z.record(
    z.string(),
    z.object({
      running: z.boolean(),
      ready: z.boolean(),
      local: z.record(z.string(), z.unknown()),
      global: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});
export type LauncherFacts = z.infer<typeof LauncherFacts>;

/** The host's end of the socket between it and the sidecar, which carries text frames. */
export const LAUNCHER_HOST_FD = 3;

/** From the sidecar to the launcher host. */
export const ToLauncherHost = z.discriminatedUnion("kind", [
  /** Evaluate the app's launcher, menu included. */
  z.object({ id: z.number(), kind: z.literal("menu"), appDir: z.string(), facts: LauncherFacts }),
  /** Load the launcher and every script and say what they would run; no menu function is called. */
  z.object({
    id: z.number(),
    kind: z.literal("describe"),
    appDir: z.string(),
    /** Why no code of the app may be loaded: its code kept an earlier try from answering. */
    codeProblem: z.string().optional(),
    /** Scripts that its menu offers, below the app's folder. */
    scripts: z.array(z.string()).optional(),
  }),
  /** Say what its scripts ask a person for, and which commands they run, as they are written. */
  z.object({ id: z.number(), kind: z.literal("settings"), appDir: z.string() }),
  /** Go through every script and menu for a machine, without doing what they say. The host does nothing else then. */
  z.object({
    id: z.number(),
    kind: z.literal("check"),
    appDir: z.string(),
    machine: CheckMachine,
    skip: z.array(CheckSkip),
  }),
]);
export type ToLauncherHost = z.infer<typeof ToLauncherHost>;

export const LAUNCHER_ROOTS = ["", "pinokio"] as const;

export const LauncherMenu = z.object({
  title: z.string(),
  description: z.string(),
  /** Absolute path of the picture, or null. */
  iconFile: z.string().nullable(),
  /** Relative to the app's folder; "" or "pinokio". */
  launcherRoot: z.enum(LAUNCHER_ROOTS),
  menu: z.array(MenuItem),
  /** What it does that it should not, although it works. */
  findings: z.array(CheckFinding).optional(),
});
export type LauncherMenu = z.infer<typeof LauncherMenu>;

export const LauncherDescription = z.object({
  title: z.string(),
  description: z.string(),
  iconFile: z.string().nullable(),
  scripts: z.array(z.object({ path: z.string(), commands: z.array(z.string()), problem: z.string().nullable() })),
});
export type LauncherDescription = z.infer<typeof LauncherDescription>;

/** What a script asks a person for. */
export const AskedValue = z.object({
  /** Where the answer is kept: a variable of ENVIRONMENT, or a value of a file below the app's folder. */
  file: z.string().nullable(),
  path: z.array(z.string()),
  title: z.string(),
  description: z.string(),
  default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  placeholder: z.string(),
  /** What it may be; empty for anything. */
  choices: z.array(z.object({ value: z.string(), label: z.string() })),
});
export type AskedValue = z.infer<typeof AskedValue>;

/** What can be set of an app by way of its launcher's scripts. */
export const LauncherSettings = z.object({
  scripts: z.array(
    z.object({
      path: z.string(),
      asks: z.array(AskedValue),
      /** What it asks for anew each time it runs. */
      questions: z.array(z.string()),
      /** Commands that it runs, each with the folder, below the app's, where that is known. */
      commands: z.array(z.object({ line: z.string(), folder: z.string().nullable() })),
      /** Why its steps are not known, or null. */
      problem: z.string().nullable(),
    }),
  ),
});
export type LauncherSettings = z.infer<typeof LauncherSettings>;

export const FromLauncherHost = z.discriminatedUnion("kind", [
  /** It has started; the time an app's code may take counts from here. */
  z.object({ kind: z.literal("ready") }),
  z.object({ id: z.number(), kind: z.literal("menu"), value: LauncherMenu }),
  z.object({ id: z.number(), kind: z.literal("describe"), value: LauncherDescription }),
  z.object({ id: z.number(), kind: z.literal("settings"), value: LauncherSettings }),
  z.object({ id: z.number(), kind: z.literal("check"), value: CheckedApp }),
  /** Which code of an app is run next; in a check, the time that it may take counts anew from here. */
  z.object({ id: z.number(), kind: z.literal("at"), place: CheckPlace }),
  z.object({ id: z.number(), kind: z.literal("failed"), error: WireError }),
]);
export type FromLauncherHost = z.infer<typeof FromLauncherHost>;

export const cutText = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

export const cutTexts = <Texts extends { title: string; description: string }>(texts: Texts): Texts => ({
  ...texts,
  title: cutText(texts.title, LAUNCHER.title),
  description: cutText(texts.description, LAUNCHER.description),
});

/** Cuts a description to what a person could read, and says how much is left out. `room` is in bytes. */
export function cutDescription(description: LauncherDescription, room = Infinity): LauncherDescription {
  let left = room;
  const hasRoomFor = (...texts: string[]): boolean => (left -= bytesOf(texts)) >= 0;
  const scripts = firstOf(description.scripts.map(cutScript), DESCRIPTION.scripts, {
    fits: ({ path, problem }) => hasRoomFor(path, problem ?? ""),
    rest: (count) => ({ path: `… and ${count} more`, commands: [], problem: null }),
  });
  return cutTexts({
    ...description,
    scripts: scripts.map(({ commands, ...script }) => ({
      ...script,
      commands: firstOf(commands, DESCRIPTION.commandsOfScript, {
        fits: (command) => hasRoomFor(command),
        rest: (count) => `… and ${count} more`,
      }),
    })),
  });
}

type Script = LauncherDescription["scripts"][number];

const cutScript = ({ path, commands, problem }: Script): Script => ({
  path: cutText(path, DESCRIPTION.path),
  commands: commands.map((command) => cutText(command, DESCRIPTION.command)),
  problem: problem === null ? null : cutText(problem, DESCRIPTION.command),
});

/** Bytes of the value as JSON in UTF-8: one for what JSON mostly holds, two or three for other letters. */
export function bytesOf(value: unknown): number {
  const text = JSON.stringify(value);
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff)) bytes += 2;
    else if (unit > 0x7f) bytes += 1; // each half of a pair stands for two of its four bytes
  }
  return bytes;
}

/** As many as fit, and in place of the others how many those are. */
function firstOf<Item>(
  items: readonly Item[],
  most: number,
  { fits, rest }: { fits(item: Item): boolean; rest(count: number): Item },
): Item[] {
  const first: Item[] = [];
  for (const item of items) {
    if ((items.length > most && first.length === most - 1) || !fits(item)) break;
    first.push(item);
  }
  return first.length === items.length ? first : [...first, rest(items.length - first.length)];
}
