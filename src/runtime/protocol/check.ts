import * as z from "zod";

/** The machine an app is checked for; it need not be this one. */
export const CheckMachine = z.object({
  platform: z.enum(["linux", "darwin", "win32"]),
  arch: z.string(),
  gpu: z.enum(["nvidia", "amd", "apple", "none"]),
  /** Such as "nvidia geforce rtx 4090"; null when it is not known. */
  gpuModel: z.string().nullable(),
  /** Whole gigabytes; null when it is not known. */
  vram: z.number().nullable(),
});
export type CheckMachine = z.infer<typeof CheckMachine>;

export const FINDING_KINDS = [
  /** A file of the app cannot be loaded, or its menu throws, hangs or ends its process. */
  "load",
  /** It prints while it is loaded or its menu is made. */
  "prints",
  "method",
  "params",
  "template",
  /** Nothing of a script runs on the machine. */
  "dead-end",
  /** Something made for another platform. */
  "platform",
  /** A script, module or link that leads to no file. */
  "missing",
  /** Something about the app as a whole. */
  "app",
] as const;

/** An error keeps the app from working; a warning may; an information decides nothing. The gravest first. */
export const FINDING_LEVELS = ["error", "warning", "info"] as const;

export const CheckFinding = z.object({
  level: z.enum(FINDING_LEVELS),
  kind: z.enum(FINDING_KINDS),
  message: z.string(),
  hint: z.string().optional(),
  /** Relative to the app's folder. */
  file: z.string().optional(),
  line: z.number().optional(),
  column: z.number().optional(),
  /** The line itself. */
  source: z.string().optional(),
  /** Counted from 1. */
  step: z.number().optional(),
});
export type CheckFinding = z.infer<typeof CheckFinding>;

/** Something that has to be there besides the app: a program, a token, room, another app. */
export const CheckNeed = z.object({
  name: z.string(),
  kind: z.enum(["program", "token", "space", "app"]),
});
export type CheckNeed = z.infer<typeof CheckNeed>;

/** How the address of an app's page is found: a pattern in the output, and what `url` becomes. */
export const CheckReady = z.object({ pattern: z.string().nullable(), url: z.string().nullable() });
export type CheckReady = z.infer<typeof CheckReady>;

export const CheckedScript = z.object({
  /** Relative to the app's folder. */
  path: z.string(),
  role: z.enum(["install", "start", "other"]),
  /** Whether the menu, the install or the start leads to it. */
  reached: z.boolean(),
  steps: z.number(),
  /** How many of them may run on the machine. */
  stepsHere: z.number(),
  methods: z.array(z.string()),
  needs: z.array(CheckNeed),
  ready: z.array(CheckReady),
  findings: z.array(CheckFinding),
});
export type CheckedScript = z.infer<typeof CheckedScript>;

/** What was found in one app; `findings` are those of its launcher and of the app as a whole. */
export const CheckedApp = z.object({
  title: z.string(),
  description: z.string(),
  /** What the launcher itself asks for; in a report, what everything that a person runs needs. */
  needs: z.array(CheckNeed),
  scripts: z.array(CheckedScript),
  findings: z.array(CheckFinding),
});
export type CheckedApp = z.infer<typeof CheckedApp>;

export const VERDICTS = ["works", "warnings", "cannot"] as const;

export const CheckReport = CheckedApp.extend({
  /** Name of the app's folder, or its address. */
  app: z.string(),
  machine: CheckMachine,
  verdict: z.enum(VERDICTS),
});
export type CheckReport = z.infer<typeof CheckReport>;

/** Code of the app that kept an earlier try from answering: it is not loaded again. */
export const CheckSkip = z.object({
  /** Relative to the app's folder; "" for all code. */
  file: z.string(),
  what: z.enum(["load", "menu", "steps"]),
  message: z.string(),
  line: z.number().optional(),
});
export type CheckSkip = z.infer<typeof CheckSkip>;

/** What is about to be done with the app's code, told before it is done. */
export const CheckPlace = CheckSkip.omit({ message: true });
export type CheckPlace = z.infer<typeof CheckPlace>;

const MOST = { scripts: 200, findings: 60, methods: 80, needs: 60, ready: 10 } as const;
const LONGEST = { title: 200, description: 10_000, path: 1_000, message: 1_000, name: 100 } as const;

/** Keeps of a check what a person could read: whatever an app's code makes of it fits into a frame. */
export function cutCheckedApp({ title, description, needs, scripts, findings }: CheckedApp): CheckedApp {
  return {
    title: cut(title, LONGEST.title),
    description: cut(description, LONGEST.description),
    needs: cutNeeds(needs),
    scripts: scripts.slice(0, MOST.scripts).map((script, at) => ({
      ...script,
      path: cut(script.path, LONGEST.path),
      methods: script.methods.slice(0, MOST.methods).map((method) => cut(method, LONGEST.name)),
      needs: cutNeeds(script.needs),
      ready: script.ready.slice(0, MOST.ready).map(({ pattern, url }) => ({
        pattern: pattern === null ? null : cut(pattern, LONGEST.message),
        url: url === null ? null : cut(url, LONGEST.message),
      })),
      // The first scripts are those that a person runs.
      findings: cutFindings(script.findings, at < 20 ? MOST.findings : 5),
    })),
    findings: cutFindings(findings, MOST.findings),
  };
}

const cutNeeds = (needs: readonly CheckNeed[]): CheckNeed[] =>
  needs.slice(0, MOST.needs).map((need) => ({ ...need, name: cut(need.name, LONGEST.name) }));

/** The gravest when not all can be kept. */
export function cutFindings(findings: readonly CheckFinding[], most: number = MOST.findings): CheckFinding[] {
  const kept =
    findings.length <= most
      ? findings
      : [...findings]
          .sort((one, other) => FINDING_LEVELS.indexOf(one.level) - FINDING_LEVELS.indexOf(other.level))
          .slice(0, most);
  return kept.map((finding) => ({
    ...finding,
    message: cut(finding.message, LONGEST.message),
    ...(finding.hint === undefined ? {} : { hint: cut(finding.hint, LONGEST.message) }),
    ...(finding.file === undefined ? {} : { file: cut(finding.file, LONGEST.path) }),
    ...(finding.source === undefined ? {} : { source: cut(finding.source, LONGEST.message) }),
  }));
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
