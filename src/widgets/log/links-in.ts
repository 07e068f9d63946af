/** An address in a text: where it begins, and what it says. */
export interface FoundLink {
  at: number;
  url: string;
}

const URL_IN_TEXT = /\bhttps?:\/\/(?:[\p{L}\p{N}]|\[[\da-f:]+\])[^\s<>"'`{}|\\^\u0000-\u001f\u007f]*/giu;
const LONGEST = 2_000;

/** Addresses that somebody can open. What ends a sentence, or a bracket around an address, is no part of it. */
export function linksIn(text: string): FoundLink[] {
  if (!text.includes("://")) return [];
  return [...text.matchAll(URL_IN_TEXT)].flatMap(({ index, 0: written }) => {
    const url = withoutEnding(written);
    return url.length > LONGEST ? [] : [{ at: index, url }];
  });
}

const PAIRS: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

function withoutEnding(written: string): string {
  let url = written;
  for (;;) {
    const last = url.at(-1) ?? "";
    const opening = PAIRS[last];
    const isOpened = opening !== undefined && count(url, opening) >= count(url, last);
    if (!/[.,;:!?)\]*]/.test(last) || isOpened) return url;
    url = url.slice(0, -1);
  }
}

const count = (text: string, character: string): number => text.split(character).length - 1;
