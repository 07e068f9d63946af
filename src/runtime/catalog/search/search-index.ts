import { NearWords } from "./near-words.js";
import { meaningsOf, meaningsOfPair, nearMeaningsOf } from "./other-words.js";
import { increase } from "./numbers.js";
import { stemOf } from "./stem.js";
import { joinedWordsOf, piecesOf, wantedWords } from "./words.js";

/** What a search found, until the next one. Documents are named by their place in the order they were added. */
export interface Found {
  /** The first `count` of them. */
  documents: Uint32Array;
  count: number;
  /** By document. */
  scores: Float32Array;
  /** How many words of the query are not in it, by document. */
  missing: Uint8Array;
  best: number;
}

/** How well a word of a document meets one that is looked for. */
const EXACT = 1;
const PREFIX = 0.75;
const STEM = 0.7;
const STEM_PREFIX = 0.5;
const MEANING = 0.8;
/** Two words together leave no doubt what is meant; each of them counts so. */
const PAIR = 1.6;
const TYPO = 0.5;
const TWO_TYPOS = 0.25;

/** What it adds that words of a query stand beside each other. */
const SIDE_BY_SIDE = 0.4;

const NO_TYPO_BELOW = 4;
const TWO_TYPOS_FROM = 8;
/** With fewer documents that hold every word, those come too that lack one. */
const FEW = 5;

/** Words, and for each the documents it stands in. A search looks at words first, then at documents. */
export class SearchIndex {
  readonly #count: number;
  readonly #words: readonly string[];
  /** For each word a stretch of `#documents` and `#weights`. */
  readonly #starts: Uint32Array;
  readonly #documents: Uint32Array;
  readonly #weights: Float32Array;
  readonly #near: NearWords;
  /** Of one word of the query: the best for each document, and which documents have any. */
  readonly #best: Float32Array;
  readonly #touched: Uint32Array;
  #touches = 0;
  readonly #met: Uint8Array;
  readonly #found: Found;

  constructor(
    count: number,
    words: readonly string[],
    starts: Uint32Array,
    documents: Uint32Array,
    weights: Float32Array,
  ) {
    this.#count = count;
    this.#words = words;
    this.#starts = starts;
    this.#documents = documents;
    this.#weights = weights;
    this.#near = new NearWords(words);
    this.#best = new Float32Array(count);
    this.#touched = new Uint32Array(count);
    this.#met = new Uint8Array(count);
    this.#found = {
      documents: new Uint32Array(count),
      count: 0,
      scores: new Float32Array(count),
      missing: new Uint8Array(count),
      best: 0,
    };
  }

  /** Documents that hold every word of the query, and where those are few, those that lack one. */
  search(query: string): Found {
    const words = wantedWords(query)
      .flatMap((word) => this.#asKnown(word))
      .slice(0, 12);
    // One letter or digit says too little to leave out what lacks it.
    const telling = words.filter((word) => word.length > 1);
    const wanted = telling.length > 0 ? telling : words;
    this.#found.count = 0;
    this.#found.best = 0;
    if (wanted.length === 0) return this.#found;
    this.#found.scores.fill(0);
    this.#met.fill(0);
    wanted.forEach((word, at) => {
      this.#score(word);
      for (const beside of [wanted[at - 1], wanted[at + 1]]) {
        if (beside === undefined) continue;
        for (const meaning of meaningsOfPair(word, beside)) this.#scoreWord(meaning, PAIR);
      }
      this.#take(1, 1);
    });
    for (const word of words) {
      if (wanted.includes(word)) continue;
      this.#scoreWord(word, SIDE_BY_SIDE);
      this.#take(1, 0);
    }
    for (const joined of words.length > 1 ? joinedWordsOf(query).slice(0, 12) : []) {
      this.#scoreWord(joined, EXACT);
      this.#take(SIDE_BY_SIDE, 0);
    }
    this.#collect(wanted.length);
    return this.#found;
  }

  /** A word that nothing begins with is looked for by what it is put together from: auto1111 is auto and 1111. */
  #asKnown(word: string): string[] {
    if (meaningsOf(word).length > 0 || this.#words[this.#firstAtLeast(word)]?.startsWith(word) === true) return [word];
    const pieces = piecesOf(word);
    return pieces.length > 1 ? pieces : [word];
  }

  /** Adds what one word came to. */
  #take(share: number, met: number): void {
    for (let at = 0; at < this.#touches; at++) {
      const document = this.#touched[at] as number;
      increase(this.#found.scores, document, share * (this.#best[document] as number));
      increase(this.#met, document, met);
      this.#best[document] = 0;
    }
    this.#touches = 0;
  }

  /** Words that are near to what was typed, for who found nothing. */
  near(query: string, most: number): string[] {
    const found = new Set<string>();
    for (const word of wantedWords(query).slice(0, 4)) {
      this.#near.visit(word.slice(0, 8), 2, (at) => {
        if (found.size < most) found.add(this.#words[at] as string);
      });
    }
    return [...found];
  }

  #collect(wanted: number): void {
    let most = 0;
    for (let document = 0; document < this.#count; document++) most = Math.max(most, this.#met[document] as number);
    if (most === 0) return;
    const least = most > 1 && this.#countOf(most) < FEW ? most - 1 : most;
    const { documents, missing, scores } = this.#found;
    for (let document = 0; document < this.#count; document++) {
      const met = this.#met[document] as number;
      if (met < least) continue;
      documents[this.#found.count++] = document;
      missing[document] = wanted - met;
      if (met === most && (scores[document] as number) > this.#found.best)
        this.#found.best = scores[document] as number;
    }
  }

  #countOf(met: number): number {
    let count = 0;
    for (let document = 0; document < this.#count && count < FEW; document++) if (this.#met[document] === met) count++;
    return count;
  }

  #score(word: string): void {
    this.#scorePrefix(word, EXACT, PREFIX);
    for (const meaning of meaningsOf(word)) this.#scoreWord(meaning, MEANING);
    const stem = stemOf(word);
    if (stem !== word) this.#scorePrefix(stem, STEM, stem.length > 4 ? STEM_PREFIX : 0);
    if (this.#touches > 0 || word.length < NO_TYPO_BELOW) return;
    const most = word.length >= TWO_TYPOS_FROM ? 2 : 1;
    this.#near.visit(word, most, (at, mistakes) => {
      const length = (this.#words[at] as string).length;
      this.#add(at, (mistakes < 2 ? TYPO : TWO_TYPOS) * share(word.length, length));
    });
    for (const meaning of nearMeaningsOf(word, most)) this.#scoreWord(meaning, TYPO * MEANING);
  }

  #scoreWord(word: string, quality: number): void {
    const at = this.#firstAtLeast(word);
    if (this.#words[at] === word) this.#add(at, quality);
  }

  #scorePrefix(word: string, exact: number, prefix: number): void {
    for (let at = this.#firstAtLeast(word); at < this.#words.length; at++) {
      const other = this.#words[at] as string;
      if (!other.startsWith(word)) return;
      const quality = other.length === word.length ? exact : prefix * share(word.length, other.length);
      if (quality > 0) this.#add(at, quality);
    }
  }

  #add(word: number, quality: number): void {
    const end = this.#starts[word + 1] as number;
    for (let at = this.#starts[word] as number; at < end; at++) {
      const document = this.#documents[at] as number;
      const score = quality * (this.#weights[at] as number);
      const known = this.#best[document] as number;
      if (score <= known) continue;
      if (known === 0) this.#touched[this.#touches++] = document;
      this.#best[document] = score;
    }
  }

  #firstAtLeast(word: string): number {
    let low = 0;
    let high = this.#words.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#words[middle] as string) < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Half of a word that was typed says more than its first letter. */
const share = (typed: number, whole: number): number => 0.6 + (0.4 * Math.min(typed, whole)) / whole;
