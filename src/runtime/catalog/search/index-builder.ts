import { increase } from "./numbers.js";
import { SearchIndex } from "./search-index.js";
import { stemOf } from "./stem.js";
import { joinedWordsOf, piecesOf, wordsOf } from "./words.js";

/** A text of a document, and how much it counts that a word stands in it. */
export interface SearchField {
  text: string;
  weight: number;
  /** In a name a word counts more the shorter the name is; neighbours in names and tags are also known as one word. */
  kind?: "name" | "tag";
}

/** What a part of a word counts beside the whole. */
const OF_A_WORD = 0.85;
/** What it adds that a word stands in another text too. */
const AGAIN = 0.1;

/** A text, taken apart: numbers of words, and what each counts beside a word that stands there as it is. */
interface Apart {
  words: number[];
  shares: number[];
  /** How many words it has. */
  length: number;
}

/** Texts that many documents have are short. */
const SHORT = 24;

/** Collects the words of documents; what is made of them is searched. */
export class IndexBuilder {
  readonly #numbers = new Map<string, number>();
  readonly #words: string[] = [];
  /** By word: the number of its stem. */
  readonly #stems: number[] = [];
  readonly #texts = new Map<string, Apart>();
  #count = 0;
  #size = 0;
  #entries = { words: new Uint32Array(1024), documents: new Uint32Array(1024), weights: new Float32Array(1024) };
  /** By word: the document it was met in last, and the place of that in the entries. */
  readonly #lastDocument: number[] = [];
  readonly #lastPlace: number[] = [];

  add(fields: readonly SearchField[]): void {
    for (const { text, weight, kind } of fields) {
      if (text === "") continue;
      const { words, shares, length } = this.#apart(text, kind);
      const whole = kind === "name" ? weight * (0.75 + 0.25 / Math.max(1, length)) : weight;
      for (let at = 0; at < words.length; at++) this.#note(words[at] as number, whole * (shares[at] as number));
    }
    this.#count++;
  }

  finish(): SearchIndex {
    const order = Array.from(this.#words.keys()).sort((a, b) => compare(this.#words[a] ?? "", this.#words[b] ?? ""));
    const places = new Uint32Array(order.length);
    order.forEach((number, place) => (places[number] = place));
    const words = order.map((number) => this.#words[number] ?? "");
    const starts = new Uint32Array(words.length + 1);
    const { words: numbers, documents, weights } = this.#entries;
    for (let at = 0; at < this.#size; at++) increase(starts, (places[numbers[at] as number] as number) + 1, 1);
    for (let place = 0; place < words.length; place++) increase(starts, place + 1, starts[place] as number);
    const next = starts.slice(0, -1);
    const sorted = { documents: new Uint32Array(this.#size), weights: new Float32Array(this.#size) };
    for (let at = 0; at < this.#size; at++) {
      const place = places[numbers[at] as number] as number;
      const to = increase(next, place, 1) - 1;
      sorted.documents[to] = documents[at] as number;
      sorted.weights[to] = weights[at] as number;
    }
    return new SearchIndex(this.#count, words, starts, sorted.documents, sorted.weights);
  }

  #apart(text: string, kind: SearchField["kind"]): Apart {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const words = wordsOf(text);
    const apart: Apart = { words: [], shares: [], length: words.length };
    const take = (word: string, share: number): void => {
      const number = this.#numberOf(word);
      apart.words.push(number);
      apart.shares.push(share);
      const stem = this.#stems[number] as number;
      if (stem === number) return;
      apart.words.push(stem);
      apart.shares.push(share * OF_A_WORD);
    };
    for (const word of words) take(word, 1);
    for (const piece of piecesOf(text)) take(piece, OF_A_WORD);
    for (const word of kind === undefined ? [] : joinedWordsOf(text)) {
      apart.words.push(this.#numberOf(word));
      apart.shares.push(1);
    }
    if (kind === "tag" || text.length <= SHORT) this.#texts.set(text, apart);
    return apart;
  }

  #numberOf(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    const number = this.#words.push(word) - 1;
    this.#numbers.set(word, number);
    const stem = stemOf(word);
    this.#stems[number] = number;
    if (stem !== word) this.#stems[number] = this.#numberOf(stem);
    return number;
  }

  #note(number: number, weight: number): void {
    if (this.#lastDocument[number] !== this.#count) return this.#push(number, weight);
    const place = this.#lastPlace[number] as number;
    const known = this.#entries.weights[place] as number;
    this.#entries.weights[place] = Math.max(known, weight) + AGAIN * Math.min(known, weight);
  }

  #push(word: number, weight: number): void {
    if (this.#size === this.#entries.words.length) this.#grow();
    this.#lastDocument[word] = this.#count;
    this.#lastPlace[word] = this.#size;
    this.#entries.words[this.#size] = word;
    this.#entries.documents[this.#size] = this.#count;
    this.#entries.weights[this.#size++] = weight;
  }

  #grow(): void {
    const { words, documents, weights } = this.#entries;
    const length = words.length * 2;
    this.#entries = {
      words: grown(new Uint32Array(length), words),
      documents: grown(new Uint32Array(length), documents),
      weights: grown(new Float32Array(length), weights),
    };
  }
}

function grown<Numbers extends Uint32Array | Float32Array>(larger: Numbers, numbers: Numbers): Numbers {
  larger.set(numbers);
  return larger;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
