/** Who shows a program's output to anybody shows it through this. What is hidden keeps its length. */

const MASK = 0x2a; // *
const LONGEST_UNDECIDED = 512;
const SHORTEST_SECRET = 8;
/** No key is as long; to look for longer ones would let an app hold up whoever shows its output. */
const LONGEST_SECRET = 4_096;
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
const IN_CREDENTIALS = tableOf(`${LETTERS}_-.~%!$&'()*+,;=:`);

/** By the last two letters of what they begin with: one look at each byte finds them all. */
const BY_ENDING = new Map<number, { prefix: number[]; least: number }[]>();
const IS_ENDING = new Uint8Array(65_536);
for (const { prefix, least } of [...TOKENS, { prefix: ADDRESS, least: 0 }]) {
  const ending = endingOf(Buffer.from(prefix), prefix.length - 1);
  BY_ENDING.set(ending, [...(BY_ENDING.get(ending) ?? []), { prefix: codes(prefix), least }]);
  IS_ENDING[ending] = 1;
}

/** Hides secrets in a stream of bytes, piece by piece. */
export class SecretMask {
  readonly #known: () => readonly Buffer[];
  /** The last bytes that were decided, as they are. */
  #before: Buffer = Buffer.alloc(0);
  /** What was shown last is the beginning of a token that goes on. */
  #inToken = false;

  constructor(known: () => readonly Buffer[] = () => []) {
    this.#known = known;
  }

  /**
   * Hides what is in `bytes`, in place, and returns how many of them are decided; the rest has to be given again, with
   * what follows. With `isComplete` nothing follows soon, and all of them are decided.
   */
  hide(bytes: Buffer, isComplete: boolean): number {
    const before = this.#before;
    const all = before.length === 0 ? bytes : joined(before, bytes);
    const hidden: [from: number, to: number][] = [];
    let decided = all.length;
    let inToken = false;
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

    if (this.#inToken) {
      const end = tokenEnd(before.length);
      hide(before.length, end);
      inToken = end === all.length;
    }
    for (let index = 0, ending = 0; index < all.length; index++) {
      ending = ((ending << 8) | (all[index] ?? 0)) & 0xffff;
      if (IS_ENDING[ending] === 0) continue;
      for (const { prefix, least } of BY_ENDING.get(ending) ?? []) {
        const from = index + 1 - prefix.length;
        if (from < 0 || !startsAt(all, from, prefix)) continue;
        const start = index + 1;
        if (least === 0) {
          const end = credentialsEnd(start);
          if (end === all.length && start < end) {
            if (!isComplete && end - start <= LONGEST_UNDECIDED) decided = Math.min(decided, start);
          } else if (all[end] === 0x40 && end > start) hide(start, end);
          continue;
        }
        if (from > 0 && IN_WORD[all[from - 1] ?? 0] === 1) continue;
        const end = tokenEnd(start);
        if (end === all.length && start < end) {
          if (end - start >= least || !isComplete) leaveFrom(from, start);
        } else if (end - start >= least) hide(start, end);
      }
    }
    for (const secret of this.#known()) {
      if (secret.length < SHORTEST_SECRET || secret.length > LONGEST_SECRET) continue;
      for (let at = all.indexOf(secret); at >= 0; at = all.indexOf(secret, at + 1)) {
        hide(at, at + secret.length);
      }
      const cut = cutOffAt(all, secret);
      if (cut !== null) {
        if (!isComplete) decided = Math.min(decided, cut);
        else if (all.length - cut >= SHORTEST_START) hide(cut, all.length);
      }
    }

    const count = Math.max(0, decided - before.length);
    this.#inToken = inToken && decided === all.length;
    if (count > 0) {
      const last = all.subarray(Math.max(0, decided - LONGEST_PREFIX), decided);
      this.#before = Buffer.from(last);
    }
    for (const [from, to] of hidden) {
      const start = Math.max(0, from - before.length);
      const end = Math.min(count, to - before.length);
      if (start < end) bytes.fill(MASK, start, end);
    }
    return count;
  }
}

/** The whole of a text, with what it must not show hidden. */
export function maskSecrets(text: string, known: readonly Buffer[] = []): string {
  const bytes = Buffer.from(text, "utf8");
  new SecretMask(() => known).hide(bytes, true);
  return bytes.toString("utf8");
}

/** Used again for each piece, since nothing of it is kept: new memory for each would make a process grow. */
const room = Buffer.allocUnsafeSlow(256 * 1024 + 256);

function joined(before: Buffer, bytes: Buffer): Buffer {
  const length = before.length + bytes.length;
  if (length > room.length) return Buffer.concat([before, bytes]);
  before.copy(room);
  bytes.copy(room, before.length);
  return room.subarray(0, length);
}

function endingOf(bytes: Buffer, index: number): number {
  return ((bytes[index - 1] ?? 0) << 8) | (bytes[index] ?? 0);
}

/** Where the allowed letters end that stand at a place; asked from left to right, no letter is looked at twice. */
function endIn(bytes: Buffer, allowed: Uint8Array): (from: number) => number {
  let end = 0;
  return (from) => {
    if (from >= end) for (end = from; end < bytes.length && allowed[bytes[end] ?? 0] === 1;) end++;
    return end;
  };
}

function startsAt(bytes: Buffer, from: number, prefix: readonly number[]): boolean {
  for (let index = 0; index < prefix.length; index++) if (bytes[from + index] !== prefix[index]) return false;
  return true;
}

/** Where the bytes end with the beginning of a secret, or null. */
function cutOffAt(bytes: Buffer, secret: Buffer): number | null {
  const longest = Math.min(secret.length - 1, bytes.length);
  for (let length = longest; length > 0; length--) {
    if (bytes[bytes.length - length] !== secret[0]) continue;
    if (bytes.subarray(bytes.length - length).equals(secret.subarray(0, length))) return bytes.length - length;
  }
  return null;
}
