import type { Repair } from "../protocol/failures.js";
import type { OutputLine } from "./output-lines.js";

/**
 * How near to the first cause a failure lies, farthest first. What lies nearer explains what lies farther: a full disk
 * explains a failed installation, a failed installation a missing module, a missing module a script that gave up.
 */
export const LAYERS = ["report", "program", "package", "answer", "tool", "network", "access", "machine"] as const;
export type Layer = (typeof LAYERS)[number];

/** What is known of the machine when a run has ended. Sizes in bytes; null when nobody could tell. */
export interface Facts {
  diskFreeBytes: number | null;
  memoryBytes: number | null;
  gpuName: string | null;
  gpuMemoryBytes: number | null;
  /** What the kernel killed for want of memory while the run lived. */
  memoryKills: readonly MemoryKill[];
  /** How its programs used more memory than its app may; null when they did not. */
  memoryLimit: MemoryLimit | null;
  /** Whether the app has a script that installs it. */
  hasInstallScript: boolean;
}

export interface MemoryLimit {
  limitBytes: number | null;
  /** What was measured when the run was stopped for it; null where the system itself ended programs. */
  usedBytes: number | null;
}

export interface MemoryKill {
  /** Null where only the number of kills is known. */
  program: string | null;
  pid: number | null;
  /** Whether it was one of this run's programs, or may have been. */
  isSure: boolean;
}

export interface EndedRun {
  /** The last of what it printed, and after that what is known of its end, one fact a line. */
  lines: readonly OutputLine[];
  facts: Facts;
}

/** A line that shows a failure, with what stands around it. */
export interface Seen {
  match: RegExpExecArray;
  text: string;
  /** Place of the line. */
  at: number;
  run: EndedRun;
  facts: Facts;
  /** The nearest of the lines before that matches; the next lines after it. Both look a few lines far. */
  before(pattern: RegExp, lines?: number): RegExpExecArray | null;
  after(pattern: RegExp, lines?: number): RegExpExecArray | null;
  /** The line and those that carry on its sentence, as one line. */
  whole(): string;
}

export interface Said {
  sentence: string;
  /** Where it differs from the detector's own advice. */
  hint?: string;
  repairs?: readonly Repair[];
}

/** Recognises one failure. Detectors are the sibling folder's files, listed in `detectors/index.ts`. */
export interface Detector {
  readonly code: string;
  readonly layer: Layer;
  /** For the reference: what happened, and what to do, which is also the hint where `say` has none. */
  readonly happened: string;
  readonly advice: string;
  /** Any of them, each on one line. A line is never longer than `LONGEST_LINE`; nested repetition is not used all the same. */
  readonly patterns: readonly RegExp[];
  /** Lines that look alike and are something else. */
  readonly unless?: RegExp;
  /** Looks around before it is believed. */
  confirm?(seen: Seen): boolean;
  say(seen: Seen): Said;
}

export const group = ({ match }: Seen, at = 1): string => match[at] ?? "";
