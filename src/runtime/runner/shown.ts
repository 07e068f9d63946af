import type { Shown } from "../protocol/runs.js";
import { toPlainRecord } from "../base/plain-data.js";
import { isObject } from "../script/script.js";

const MOST_WINDOWS = 8;
/** It is sent with every change of the run. */
const LONGEST_HTML = 64 * 1024;

/** What a run shows at the moment, made from what its steps tell: for people who come to look later. */
export class ShownByRun {
  #shown: Shown = { loading: null, windows: [] };
  /** What windows said that a person has closed: a later change builds on it. */
  readonly #closed = new Map<string, Record<string, unknown>>();
  readonly #onChanged: (shown: Shown) => void;

  constructor(onChanged: (shown: Shown) => void) {
    this.#onChanged = onChanged;
  }

  /** Takes in what a step tells or asks; most of it stays nowhere. */
  note(kind: string, params: unknown): void {
    const given = isObject(params) ? params : {};
    switch (kind) {
      case "loading.start":
        return this.#set({ loading: textOf(given["message"] ?? given["title"] ?? given["description"]) });
      case "loading.end":
        return this.#set({ loading: null });
      case "htmlmodal.open":
        return this.#open(idOf(given), toPlainRecord(given));
      case "htmlmodal.update": {
        const id = idOf(given);
        const before = this.#shown.windows.find((window) => window.id === id)?.params ?? this.#closed.get(id);
        return this.#open(id, { ...before, ...toPlainRecord(given) });
      }
      case "htmlmodal.close":
        return this.#set({ windows: this.#shown.windows.filter(({ id }) => id !== idOf(given)) });
      default:
    }
  }

  /** A person has answered what a step asked; most buttons of a window close it. */
  noteAnswer(kind: string, params: unknown, answer: unknown): void {
    if (!kind.startsWith("htmlmodal.")) return;
    const id = idOf(isObject(params) ? params : {});
    const window = this.#shown.windows.find((open) => open.id === id);
    if (window === undefined || staysOpen(window.params["actions"], answer)) return;
    this.#closed.set(id, window.params);
    this.#set({ windows: this.#shown.windows.filter((open) => open !== window) });
  }

  #open(id: string, params: Record<string, unknown>): void {
    const others = this.#shown.windows.filter((window) => window.id !== id);
    const html = params["html"];
    const kept = typeof html === "string" ? { ...params, html: html.slice(0, LONGEST_HTML) } : params;
    this.#set({ windows: [...others, { id, params: kept }].slice(-MOST_WINDOWS) });
  }

  #set(change: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...change };
    this.#onChanged(this.#shown);
  }
}

/** A window without a name of its own is the script's only one. */
const idOf = (params: Record<string, unknown>): string => (typeof params["id"] === "string" ? params["id"] : "");

function staysOpen(actions: unknown, answer: unknown): boolean {
  if (!Array.isArray(actions) || !isObject(answer)) return false;
  return actions.some((action) => isObject(action) && action["id"] === answer["action"] && action["close"] === false);
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
