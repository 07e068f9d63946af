import { StringDecoder } from "node:string_decoder";
import type { Buffer } from "node:buffer";
import { PinokioError } from "../protocol/errors.js";
import { PlainTextStream } from "../base/plain-text.js";

/** One pattern of a step's `on`, decided. */
export interface Handler {
  pattern: RegExp;
  /** What a match does: note it, end the step and leave the shell, end both, break the step, or excuse a break. */
  action: "capture" | "done" | "kill" | "break" | "excuse" | "notify";
  once: boolean;
  /** Another list of the script, to be run when it matches. */
  trigger?: string;
  /** What to tell the person when it matches. */
  notify?: unknown;
}

/** What the output of a command decided about its step. */
export type Verdict =
  | { kind: "done" | "kill"; event: RegExpExecArray }
  /** The text around a match that breaks the step, and what matched. */
  | { kind: "break"; errors: string[]; text: string };

/** Characters of earlier output in which a match may begin. */
const REACH = 300;

/** What counts as an error when a step says nothing about it. */
const DEFAULT_HANDLERS: readonly Handler[] = [
  { pattern: /error:/gi, action: "break", once: false },
  { pattern: /errno /gi, action: "break", once: false },
  { pattern: /error:.*triton/gi, action: "excuse", once: false },
];

/** Reads a step's `on`; what cannot be a pattern is an error with its place. */
export function readHandlers(on: unknown): Handler[] {
  if (on === undefined || on === null || on === false) return [];
  const written: unknown[] = Array.isArray(on) ? on : [on];
  return written.flatMap((handler, index) => {
    if (typeof handler !== "object" || handler === null) {
      throw new PinokioError("script-invalid", `on[${index}] is ${JSON.stringify(handler)}, not an object`);
    }
    return readHandler(handler as Record<string, unknown>, index);
  });
}

function readHandler(handler: Record<string, unknown>, index: number): Handler[] {
  const { event } = handler;
  if (event === undefined || event === null || event === "") return [];
  const pattern = event instanceof RegExp ? withGlobal(event.source, event.flags) : parsePattern(event, index);
  const { trigger, notify } = handler;
  return [
    {
      pattern,
      action: actionOf(handler),
      once: Boolean(handler["once"]),
      ...(typeof trigger === "string" && trigger !== "" ? { trigger } : {}),
      ...(notify ? { notify } : {}),
    },
  ];
}

function actionOf(handler: Record<string, unknown>): Handler["action"] {
  if (handler["done"]) return "done";
  if (handler["kill"]) return "kill";
  if (handler["break"] === false) return "excuse";
  if (handler["break"]) return "break";
  return handler["notify"] && !handler["trigger"] ? "notify" : "capture";
}

export function parsePattern(event: unknown, index: number): RegExp {
  const [, source, flags] = (typeof event === "string" && /^\/(.*)\/([dgimsuvy]*)$/s.exec(event)) || [];
  const wrong = (cause?: unknown): PinokioError =>
    new PinokioError("script-invalid", `on[${index}].event is ${JSON.stringify(event)}, which is no pattern`, {
      hint: 'A pattern stands between slashes, such as "/http:\\/\\/\\S+/"',
      cause,
    });
  if (source === undefined) throw wrong();
  try {
    return withGlobal(source, flags ?? "");
  } catch (error) {
    throw wrong(error);
  }
}

// Sticky patterns would miss whatever does not follow the last match at once.
const withGlobal = (source: string, flags: string): RegExp => new RegExp(source, `${flags.replace(/[gy]/g, "")}g`);

/**
 * A match at the end of the output; one that takes in whatever follows, such as an address; or an error whose line is
 * not over, and says no more than that there is one.
 */
export type Pending = "match" | "growing" | "error";

/**
 * How long output must pause before a match at its end is taken as it is. A busy machine may halt a program in the
 * middle of an address; and the line of an error may come in pieces, after which the program is ended with what it has
 * said by then.
 */
export const PAUSE_MS: Readonly<Record<Pending, number>> = { match: 100, growing: 1_000, error: 1_000 };

/** Whether a match at the end of a text would be longer if the text went on in the middle of a word. */
export function takesMore(pattern: RegExp, { index, input, 0: matched }: RegExpExecArray): boolean {
  const sticky = new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}y`);
  return ["0", "a"].some((next) => {
    sticky.lastIndex = index;
    return (sticky.exec(`${input}${next}`)?.[0].length ?? 0) > matched.length;
  });
}

/**
 * Watches what a command prints for the patterns of its step. Output arrives in pieces cut anywhere; a match may reach
 * across them, and one that ends where the output ends so far waits until it is known to be whole.
 */
export class OutputWatcher {
  readonly #handlers: readonly { handler: Handler; state: { seenTo: number; spent: boolean } }[];
  readonly #breaks: readonly RegExp[];
  readonly #excuses: readonly RegExp[];
  readonly #isInteractive: boolean;
  readonly #decoder = new StringDecoder("utf8");
  readonly #plain = new PlainTextStream();
  /** Recent output, and how many characters came before it. */
  #window = "";
  #before = 0;
  #pending: Pending | null = null;
  event: RegExpExecArray | undefined;

  readonly #onMatch: (handler: Handler, event: RegExpExecArray) => void;

  constructor(
    handlers: readonly Handler[],
    isInteractive: boolean,
    onMatch: (handler: Handler, event: RegExpExecArray) => void = () => undefined,
  ) {
    this.#onMatch = onMatch;
    const all = [...handlers, ...DEFAULT_HANDLERS];
    this.#handlers = all
      .filter(({ action }) => action !== "excuse")
      .map((handler) => ({ handler, state: { seenTo: 0, spent: false } }));
    this.#breaks = all.filter(({ action }) => action === "break").map(({ pattern }) => pattern);
    this.#excuses = all.filter(({ action }) => action === "excuse").map(({ pattern }) => pattern);
    this.#isInteractive = isInteractive;
  }

  /** What waits for the output to go on or to pause. */
  get pending(): Pending | null {
    return this.#pending;
  }

  push(bytes: Buffer): Verdict | null {
    return this.#add(this.#plain.push(this.#decoder.write(bytes)), false);
  }

  /** The output has paused: what has matched so far is taken as it is. */
  settle(): Verdict | null {
    return this.#add("", true);
  }

  /** The output is over; `screen` is all that it came to. */
  end(screen: string): Verdict | null {
    const verdict = this.#add(this.#plain.push(this.#decoder.end()) + this.#plain.end(), true);
    if (verdict !== null) return verdict;
    const text = screen.replaceAll("\n", "");
    const errors = this.#errorsIn(text);
    return errors.length === 0 ? null : { kind: "break", errors, text: screen };
  }

  #add(text: string, isWhole: boolean): Verdict | null {
    this.#window += text;
    this.#pending = null;
    for (const { handler, state } of this.#handlers) {
      const verdict =
        handler.action === "break" ? this.#checkBreak(handler, isWhole) : this.#check(handler, state, isWhole);
      if (verdict !== null) return verdict;
    }
    if (this.#window.length > REACH) {
      const cut = this.#window.length - REACH;
      this.#window = this.#window.slice(cut);
      this.#before += cut;
    }
    return null;
  }

  #check(handler: Handler, state: { seenTo: number; spent: boolean }, isWhole: boolean): Verdict | null {
    if (state.spent) return null;
    handler.pattern.lastIndex = 0;
    for (const match of this.#window.matchAll(handler.pattern)) {
      const end = match.index + match[0].length;
      if (match[0] === "" || this.#before + end <= state.seenTo) continue;
      if (!isWhole && end === this.#window.length) {
        if (this.#pending !== "growing") this.#pending = takesMore(handler.pattern, match) ? "growing" : "match";
        break;
      }
      state.seenTo = this.#before + end;
      state.spent = handler.once;
      if (handler.action !== "notify") this.event = match;
      this.#onMatch(handler, match);
      if (handler.action === "done" || handler.action === "kill") return { kind: handler.action, event: match };
      if (state.spent) break;
    }
    return null;
  }

  /** An excuse may follow on the same line, so a line that is not over waits. */
  #checkBreak({ pattern }: Handler, isWhole: boolean): Verdict | null {
    pattern.lastIndex = 0;
    if (this.#isInteractive || !pattern.test(this.#window)) return null;
    const lineEnd = this.#window.lastIndexOf("\n") + 1;
    const text = isWhole ? this.#window : this.#window.slice(0, lineEnd);
    const errors = this.#errorsIn(text);
    if (errors.length > 0) return { kind: "break", errors, text: this.#window.slice(-REACH) };
    if (!isWhole && lineEnd < this.#window.length) this.#pending ??= "error";
    return null;
  }

  /** What breaks the step once everything that is excused is taken out, shortest first. */
  #errorsIn(text: string): string[] {
    const left = this.#excuses.reduce((rest, excuse) => rest.replace(excuse, ""), text);
    const found = this.#breaks.flatMap((pattern) => left.match(pattern) ?? []);
    return [...new Set(found)].sort((a, b) => a.length - b.length);
  }
}
