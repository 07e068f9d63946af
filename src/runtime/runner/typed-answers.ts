import { StringDecoder } from "node:string_decoder";
import { PlainTextStream } from "../base/plain-text.js";
import { renderValue } from "../script/template.js";
import type { OpenShell } from "./open-shell.js";
import { parsePattern, PAUSE_MS, takesMore } from "./terminal-events.js";

const MOST_TYPED_TEXT = 256 * 1024;

/** What a step that types wants to know: patterns, and what the step gives when one matches. */
export class TypedAnswers {
  readonly #handlers: readonly { pattern: RegExp | null; gives: unknown }[];
  #text = "";

  constructor(on: unknown) {
    const written = Array.isArray(on) ? (on as unknown[]) : on === undefined || on === null ? [] : [on];
    this.#handlers = written.map((handler, index) => {
      const { event, return: gives } = handler as { event?: unknown; return?: unknown };
      const pattern = event === null || event === undefined ? null : parsePattern(event, index);
      return { pattern, gives };
    });
  }

  /** Whether nothing but the prompt can end the step. */
  get isEmpty(): boolean {
    return this.#handlers.every(({ pattern }) => pattern === null);
  }

  /**
   * What the step gives when the shell waits for input again. The prompt's mark can arrive before anything shows that
   * the match in front of it is whole.
   */
  atPrompt(): unknown {
    const found = this.#find();
    if (found !== null) return this.#render(found.gives, found.matches);
    const gives = this.#handlers.find(({ pattern }) => pattern === null)?.gives;
    return this.#render(gives, []);
  }

  /** Resolves with what the first matching pattern gives. */
  watch(shell: Pick<OpenShell, "onData">): Promise<unknown> {
    const decoder = new StringDecoder("utf8");
    const plain = new PlainTextStream();
    let quiet: NodeJS.Timeout | null = null;
    let isLineOver = false;
    return new Promise((resolve) => {
      const check = (isQuiet: boolean): void => {
        const found = this.#find();
        if (found === null) return;
        if (isQuiet || found.isFollowed) resolve(this.#render(found.gives, found.matches));
        else quiet = setTimeout(() => check(true), found.isOpen && !isLineOver ? PAUSE_MS.growing : PAUSE_MS.match);
      };
      shell.onData = (bytes) => {
        if (quiet !== null) clearTimeout(quiet);
        const text = plain.push(decoder.write(bytes));
        if (text !== "") isLineOver = text.endsWith("\n");
        this.#text = (this.#text + text.replaceAll("\n", "")).slice(-MOST_TYPED_TEXT);
        check(false);
      };
    });
  }

  /** The first pattern that the text has so far, whether text follows, and whether the match would take in what comes. */
  #find(): { gives: unknown; matches: RegExpExecArray[]; isFollowed: boolean; isOpen: boolean } | null {
    for (const { pattern, gives } of this.#handlers) {
      const matches = pattern === null ? [] : [...this.#text.matchAll(pattern)];
      const [match] = matches;
      if (pattern === null || match === undefined) continue;
      const isFollowed = match.index + match[0].length < this.#text.length;
      return { gives, matches, isFollowed, isOpen: !isFollowed && takesMore(pattern, match) };
    }
    return null;
  }

  #render(gives: unknown, matches: RegExpExecArray[]): unknown {
    return renderValue(gives, { scope: { event: { matches } }, isOwnText: () => false });
  }
}
