import { cutOffAt, endIn, endingOf, nextOf, restOf, startsAt } from "./look-in-bytes.js";
import { parts, WithoutSequences } from "./without-sequences.js";

/** Who shows a program's output to anybody shows it through this. What is hidden keeps its length. */

const MASK = 0x2a; // *
const ESCAPE = 0x1b;
/** What colours may add to a secret. */
const COLOUR_BYTES = 64;
const LONGEST_UNDECIDED = 512;
export const SHORTEST_SECRET = 8;
/** No key is as long; to look for longer ones would let an app hold up whoever shows its output. */
export const LONGEST_SECRET = 4_096;
/** Of a known secret that is cut off, this much tells that it is one. */
const SHORTEST_START = 4;

/** What a token of a known kind begins with, and how much has to follow. */
const TOKENS: readonly { prefix: string; least: number }[] = [
  { prefix: "hf_", least: 16 },
  { prefix: "sk-", least: 20 },
  { prefix: "ghp_", least: 20 },
  { prefix: "gho_", least: 20 },
  { prefix: "ghu_", least: 20 },
  { prefix: "ghs_", least: 20 },
  { prefix: "github_pat_", least: 20 },
  { prefix: "glpat-", least: 16 },
  { prefix: "xoxb-", least: 16 },
  { prefix: "xoxp-", least: 16 },
  { prefix: "nvapi-", least: 20 },
  { prefix: "r8_", least: 20 },
  { prefix: "AKIA", least: 16 },
  { prefix: "Bearer ", least: 16 },
];

const ADDRESS = "://";
const LONGEST_PREFIX = Math.max(ADDRESS.length, ...TOKENS.map(({ prefix }) => prefix.length));

const codes = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const tableOf = (letters: string): Uint8Array => {
  const table = new Uint8Array(256);
  for (const code of codes(letters)) table[code] = 1;
  return table;
};
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const IN_WORD = tableOf(LETTERS);
const IN_TOKEN = tableOf(`${LETTERS}_-.`);
/** What may stand between :// and @. */
const IN_CREDENTIALS = tableOf(`${LETTERS}_-.~%!$&'()*+,;=:@#^`);
const AT = 0x40;

/** By the last two letters of what they begin with: one look at each byte finds them all. */
const BY_ENDING = new Map<number, { prefix: number[]; least: number }[]>();
const IS_ENDING = new Uint8Array(65_536);
for (const { prefix, least } of [...TOKENS, { prefix: ADDRESS, least: 0 }]) {
  const ending = endingOf(Buffer.from(prefix), prefix.length - 1);
  BY_ENDING.set(ending, [...(BY_ENDING.get(ending) ?? []), { prefix: codes(prefix), least }]);
  IS_ENDING[ending] = 1;
}
const IS_ENDING_OR_ESCAPE = IS_ENDING.slice();
for (let before = 0; before < 256; before++) IS_ENDING_OR_ESCAPE[(before << 8) | ESCAPE] = 1;

/** Hides secrets in a stream of bytes, piece by piece. */
export class SecretMask {
  readonly #known: () => readonly Buffer[];
  /** The last bytes that were decided, as they are: enough of them to tell what began before. */
  #before: Buffer = Buffer.alloc(0);
  /** What was shown last is the beginning of a token, or of an address, that goes on. */
  #inToken = false;
  #inCredentials = false;
  /** What comes first may be the rest of a secret whose beginning is gone. */
  #isCut = false;

  constructor(known: () => readonly Buffer[] = () => []) {
    this.#known = known;
  }

  /** What comes next does not follow what came before, which is gone. */
  begin(isCut: boolean): this {
    this.#before = Buffer.alloc(0);
    this.#inToken = false;
    this.#inCredentials = false;
    this.#isCut = isCut;
    return this;
  }

  /**
   * Hides what is in `bytes`, in place, and returns how many of them are decided; the rest has to be given again, with
   * what follows. With `isComplete` nothing follows soon, and all of them are decided. With `isWhole` nothing follows
   * at all, so that what looks like the beginning of a known secret is none.
   */
  hide(bytes: Buffer, isComplete: boolean, isWhole = false): number {
    const known = this.#known();
    const before = this.#before;
    const all = before.length === 0 ? bytes : joined(before, bytes);
    const hidden: [from: number, to: number][] = [];
    let decided = all.length;
    let inToken = false;
    let inCredentials = false;
    // What lies in the last range is hidden already, and overlapping ones are one: nothing is filled again and again.
    const hide = (from: number, to: number): void => {
      const last = hidden.at(-1);
      if (last === undefined || from < last[0] || from > last[1]) hidden.push([from, to]);
      else last[1] = Math.max(last[1], to);
    };
    const leaveFrom = (from: number, prefixEnd: number): void => {
      if (isComplete || all.length - from > LONGEST_UNDECIDED) {
        hide(prefixEnd, all.length);
        inToken = true;
      } else decided = Math.min(decided, prefixEnd);
    };
    const tokenEnd = endIn(all, IN_TOKEN);
    const credentialsEnd = endIn(all, IN_CREDENTIALS);
    /** A password may hold an @ too: the last one ends it. */
    const hideCredentials = (start: number): void => {
      const end = credentialsEnd(start);
      const isOpen = end === all.length;
      if (isOpen && !isComplete && end - start <= LONGEST_UNDECIDED) {
        if (start < end) decided = Math.min(decided, start);
        inCredentials ||= start === before.length && this.#inCredentials;
        return;
      }
      let at = end - 1;
      while (at > start && all[at] !== AT) at--;
      if (at > start) hide(start, at);
      inCredentials ||= isOpen;
    };

    if (this.#inToken) {
      const end = tokenEnd(before.length);
      hide(before.length, end);
      inToken = end === all.length;
    }
    if (this.#inCredentials) hideCredentials(before.length);
    const first = Math.max(0, before.length - LONGEST_PREFIX);
    const pairs = known.length === 0 ? null : pairsIn(known);
    const table = pairs === null ? IS_ENDING : IS_ENDING_OR_ESCAPE;
    let isParted = false;
    const look = (escape: number): boolean => pairs !== null && parts(all, escape, pairs);
    for (let at = before.indexOf(ESCAPE); at >= 0 && at < first; at = before.indexOf(ESCAPE, at + 1)) {
      isParted ||= look(at);
    }
    for (let index = nextOf(table, all, first); index < all.length; index = nextOf(table, all, index + 1)) {
      if (all[index] === ESCAPE) {
        isParted ||= look(index);
        continue;
      }
      for (const { prefix, least } of BY_ENDING.get(endingOf(all, index)) ?? []) {
        const from = index + 1 - prefix.length;
        if (from < 0 || !startsAt(all, from, prefix)) continue;
        const start = index + 1;
        if (least === 0) {
          hideCredentials(start);
          continue;
        }
        if (from > 0 && IN_WORD[all[from - 1] ?? 0] === 1) continue;
        const end = tokenEnd(start);
        if (end === all.length && start < end) {
          if (end - start >= least || !isComplete) leaveFrom(from, start);
        } else if (end - start >= least) hide(start, end);
      }
    }
    let longest = LONGEST_PREFIX + 1;
    for (const secret of known) {
      if (secret.length < SHORTEST_SECRET || secret.length > LONGEST_SECRET) continue;
      longest = Math.max(longest, secret.length);
      const since = Math.max(0, before.length - secret.length + 1);
      for (let at = all.indexOf(secret, since); at >= 0; at = all.indexOf(secret, at + 1)) {
        hide(at, at + secret.length);
      }
      if (this.#isCut && !isComplete && all.length < secret.length) decided = 0;
      else if (this.#isCut) hide(0, restOf(all, secret, SHORTEST_START));
      const cut = isWhole ? null : cutOffAt(all, secret);
      if (cut !== null) {
        if (!isComplete) decided = Math.min(decided, cut);
        else if (all.length - cut >= SHORTEST_START) hide(cut, all.length);
      }
    }

    if (isParted) {
      const coloured = inColours(all, known, longest);
      for (const [from, to] of coloured.whole) hide(from, to);
      const [cut] = isWhole ? [] : coloured.cutOff;
      if (cut !== undefined && !isComplete) decided = Math.min(decided, cut[0]);
      else if (cut !== undefined) for (const [from, to] of coloured.cutOff) hide(from, to);
    }

    const count = Math.max(0, decided - before.length);
    this.#inToken = inToken && decided === all.length;
    this.#inCredentials = inCredentials;
    if (count > 0) {
      this.#isCut = false;
      const last = all.subarray(Math.max(0, decided - 2 * longest - COLOUR_BYTES), decided);
      this.#before = Buffer.from(last.includes(ESCAPE) ? last : last.subarray(Math.max(0, last.length - longest + 1)));
    }
    for (const [from, to] of hidden) {
      const start = Math.max(0, from - before.length);
      const end = Math.min(count, to - before.length);
      if (start < end) bytes.fill(MASK, start, end);
    }
    return count;
  }
}

/** Two letters that stand side by side in a secret, and with 0 its first one. */
const pairsOf = new WeakMap<readonly Buffer[], Uint8Array>();

function pairsIn(known: readonly Buffer[]): Uint8Array {
  const found = pairsOf.get(known) ?? new Uint8Array(65_536);
  if (!pairsOf.has(known)) {
    for (const secret of known) for (let at = 0; at < secret.length; at++) found[endingOf(secret, at)] = 1;
    pairsOf.set(known, found);
  }
  return found;
}

/** Where secrets stand that colours part, which nobody sees in a terminal. */
function inColours(all: Buffer, known: readonly Buffer[], longest: number): { whole: Places; cutOff: Places } {
  const whole: Places = [];
  const secrets = known.filter(({ length }) => length >= SHORTEST_SECRET && length <= LONGEST_SECRET);
  const plain = new WithoutSequences(all);
  for (const secret of secrets) {
    for (let at = plain.bytes.indexOf(secret); at >= 0; at = plain.bytes.indexOf(secret, at + 1)) {
      whole.push(...plain.placesOf(at, at + secret.length));
    }
  }
  const end = new WithoutSequences(all, Math.max(0, all.length - 2 * longest - COLOUR_BYTES));
  const cuts = secrets.map((secret) => cutOffAt(end.bytes, secret) ?? end.bytes.length);
  const cut = Math.min(end.bytes.length, ...cuts);
  const isLong = end.bytes.length - cut >= SHORTEST_START;
  return { whole, cutOff: isLong ? end.placesOf(cut, end.bytes.length) : [] };
}

type Places = [from: number, to: number][];

/** The whole of a text, with what it must not show hidden. */
export function maskSecrets(text: string, known: readonly Buffer[] = []): string {
  return masked(text, known, true);
}

/** The same of a text that was cut off at its end. */
export function maskCutOff(text: string, known: readonly Buffer[] = []): string {
  return masked(text, known, false);
}

function masked(text: string, known: readonly Buffer[], isWhole: boolean): string {
  if (text.length < SHORTEST_SECRET && isWhole) return text;
  const bytes = Buffer.from(text, "utf8");
  new SecretMask(() => known).hide(bytes, true, isWhole);
  return bytes.toString("utf8");
}

/** Used again for each piece, since nothing of it is kept: new memory for each would make a process grow. */
const room = Buffer.allocUnsafeSlow(256 * 1024 + LONGEST_SECRET);

function joined(before: Buffer, bytes: Buffer): Buffer {
  const length = before.length + bytes.length;
  if (length > room.length) return Buffer.concat([before, bytes]);
  before.copy(room);
  bytes.copy(room, before.length);
  return room.subarray(0, length);
}
