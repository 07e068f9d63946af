import { readBarLine } from "../log/bar-line.js";
import { linksIn } from "../log/links-in.js";
import type { LineMark, LogGrowth } from "../log-text.js";

const LINES_PER_BLOCK = 200;
/** A block that has so many ends where it is known where the next line begins. */
const LEAST_LINES = 100;
const LINE_PX = 16;

interface Block {
  element: HTMLElement;
  lines: string[];
  /** The byte of its first line, where that is known. */
  from: number | null;
}

export interface PaperWrite extends Omit<LogGrowth, "dropped"> {
  marks?: readonly LineMark[];
  /** The tail is drawn over and over: what is a progress bar in it becomes one. */
  isRedrawn?: boolean;
}

/**
 * The lines of a log in few elements: appending is one write to the last of them, and what is far away is forgotten in
 * whole blocks. A browser lays out those that are seen.
 */
export class LogPaper {
  readonly #element: HTMLElement;
  readonly #tail: HTMLElement;
  #tailText = "";
  #isBar = false;
  #blocks: Block[] = [];
  #lines = 0;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#tail = element.ownerDocument.createElement("div");
    element.replaceChildren(this.#tail);
  }

  write({ back, lines, tail, marks = [], isRedrawn = false }: PaperWrite): void {
    this.#takeBack(back);
    let from = 0;
    for (const { line, byte } of [...marks, { line: lines.length, byte: null }]) {
      this.#append(lines.slice(from, line));
      from = Math.max(from, line);
      const last = this.#blocks.at(-1);
      if (byte !== null && (last === undefined || last.lines.length >= LEAST_LINES)) this.#open(byte);
    }
    this.#writeTail(tail, isRedrawn);
  }

  /** Puts lines above all others. */
  prepend(lines: readonly string[], marks: readonly LineMark[]): void {
    const above = new LogPaper(this.#element.ownerDocument.createElement("div"));
    above.write({ back: 0, lines: [...lines], tail: "", marks });
    for (const block of above.#blocks) settle(block);
    this.#element.prepend(...above.#blocks.map(({ element }) => element));
    this.#blocks = [...above.#blocks, ...this.#blocks];
    this.#lines += above.#lines;
  }

  clear(): void {
    this.#blocks = [];
    this.#lines = 0;
    this.#tailText = "";
    this.#isBar = false;
    this.#tail.replaceChildren();
    this.#element.replaceChildren(this.#tail);
  }

  /** Forgets lines at the top as long as so many are left. */
  forgetOldest(keep: number): void {
    for (let next = this.#nextKnown(1); next !== -1; next = this.#nextKnown(1)) {
      const group = this.#blocks.slice(0, next);
      const lines = group.reduce((sum, block) => sum + block.lines.length, 0);
      if (this.#lines - lines < keep) return;
      this.#remove(group);
      this.#blocks.splice(0, next);
    }
  }

  /** Forgets lines at the end as long as so many are left; returns the byte where the forgotten ones begin. */
  forgetNewest(keep: number): number | null {
    let from: number | null = null;
    for (let at = this.#blocks.length - 1; at > 0; at--) {
      const block = this.#blocks[at] as Block;
      if (block.from === null) continue;
      const group = this.#blocks.slice(at);
      const lines = group.reduce((sum, { lines: own }) => sum + own.length, 0);
      if (this.#lines - lines < keep) break;
      from = block.from;
      this.#remove(group);
      this.#blocks.splice(at);
    }
    if (from !== null) this.#writeTail("", false);
    return from;
  }

  get isEmpty(): boolean {
    return this.#lines === 0 && this.#tailText === "";
  }

  get lines(): number {
    return this.#lines;
  }

  /** Where the first line begins in the run's output, if that is known. */
  get firstByte(): number | null {
    return this.#blocks[0]?.from ?? null;
  }

  /** Where a complete line stands, counted from the first one there is; null when it has not come yet. */
  placeOf(line: number): Range | null {
    let before = 0;
    for (const { element, lines } of this.#blocks) {
      if (line >= before + lines.length) {
        before += lines.length;
        continue;
      }
      const start = lines.slice(0, line - before).reduce((sum, row) => sum + row.length + 1, 0);
      return rangeIn(element, start, start + (lines[line - before]?.length ?? 0));
    }
    return null;
  }

  /** The first block after so many of which it is known where it begins; -1 when there is none. */
  #nextKnown(from: number): number {
    const found = this.#blocks.slice(from).findIndex((block) => block.from !== null);
    return found === -1 ? -1 : found + from;
  }

  #remove(blocks: readonly Block[]): void {
    for (const { element, lines } of blocks) {
      element.remove();
      this.#lines -= lines.length;
    }
  }

  #append(lines: readonly string[]): void {
    for (let from = 0; from < lines.length;) {
      const last = this.#blocks.at(-1);
      const block = last !== undefined && last.lines.length < LINES_PER_BLOCK ? last : this.#open(null);
      const some = lines.slice(from, from + LINES_PER_BLOCK - block.lines.length);
      block.lines.push(...some);
      addText(block.element, `${some.join("\n")}\n`);
      this.#lines += some.length;
      from += some.length;
    }
  }

  #open(from: number | null): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined) settle(last);
    const element = this.#element.ownerDocument.createElement("div");
    element.className = "pk-log-block";
    this.#element.insertBefore(element, this.#tail);
    const block = { element, lines: [], from };
    this.#blocks.push(block);
    return block;
  }

  #takeBack(count: number): void {
    for (let left = count, last = this.#blocks.at(-1); left > 0 && last !== undefined; last = this.#blocks.at(-1)) {
      const some = Math.min(left, last.lines.length);
      last.lines.length -= some;
      this.#lines -= some;
      left -= some;
      if (last.lines.length > 0) {
        last.element.replaceChildren();
        addText(last.element, last.lines.map((row) => `${row}\n`).join(""));
        return;
      }
      last.element.remove();
      this.#blocks.pop();
    }
  }

  #writeTail(tail: string, isRedrawn: boolean): void {
    if (this.#tailText === tail && !isRedrawn && !this.#isBar) return;
    this.#tailText = tail;
    const rows = isRedrawn ? tail.split("\n") : [];
    const bars = rows.map(readBarLine);
    const wasBar = this.#isBar;
    this.#isBar = bars.some((bar) => bar !== null);
    if (this.#isBar) {
      rows.forEach((row, at) => drawRow(this.#tail, at, row, bars[at] ?? null));
      while (this.#tail.childNodes.length > rows.length) this.#tail.lastChild?.remove();
      return;
    }
    const { firstChild } = this.#tail;
    if (!wasBar && firstChild?.nodeType === Node.TEXT_NODE && firstChild === this.#tail.lastChild) {
      if (!tail.includes("://")) return void (firstChild.nodeValue = tail);
    }
    this.#tail.replaceChildren();
    addText(this.#tail, tail);
  }
}

/** What a browser takes it for until it has laid it out. */
function settle({ element, lines }: Block): void {
  element.style.containIntrinsicBlockSize = `auto ${Math.max(1, lines.length) * LINE_PX}px`;
}

/** Adds text, with links where it has addresses. */
function addText(element: HTMLElement, text: string): void {
  const page = element.ownerDocument;
  let done = 0;
  const addPlain = (part: string) => {
    if (part === "") return;
    const last = element.lastChild;
    if (last?.nodeType === Node.TEXT_NODE) (last as Text).appendData(part);
    else element.append(page.createTextNode(part));
  };
  for (const { at, url } of linksIn(text)) {
    addPlain(text.slice(done, at));
    const link = page.createElement("a");
    link.className = "pk-log-link";
    link.href = url;
    link.rel = "noopener noreferrer";
    link.tabIndex = -1; // Tab goes through those that are seen
    link.textContent = url;
    element.append(link);
    done = at + url.length;
  }
  addPlain(text.slice(done));
}

/** One line of the tail: a bar that moves keeps its elements. */
function drawRow(tail: HTMLElement, at: number, text: string, bar: ReturnType<typeof readBarLine>): void {
  const page = tail.ownerDocument;
  let row = tail.childNodes[at];
  if (!(row instanceof HTMLElement) || row.classList.contains("pk-log-bar") !== (bar !== null)) {
    const next = page.createElement("div");
    if (bar !== null) {
      next.className = "pk-log-bar";
      next.innerHTML =
        '<span></span><span class="pk-bar" role="progressbar"><span class="pk-bar-done"></span></span><span></span>';
    }
    if (row === undefined) tail.append(next);
    else row.replaceWith(next);
    row = next;
  }
  const element = row as HTMLElement;
  if (bar === null) return void (element.textContent = text);
  const [before, drawn, behind] = element.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
  element.title = text;
  before.textContent = bar.before;
  behind.textContent = bar.behind;
  drawn.setAttribute("aria-label", bar.before || text);
  drawn.setAttribute("aria-valuemin", "0");
  drawn.setAttribute("aria-valuemax", "100");
  drawn.setAttribute("aria-valuenow", String(Math.floor(bar.share * 100)));
  (drawn.firstElementChild as HTMLElement).style.inlineSize = `${bar.share * 100}%`;
}

function rangeIn(element: HTMLElement, start: number, end: number): Range {
  const range = element.ownerDocument.createRange();
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let before = 0;
  for (let node = walker.nextNode() as Text | null; node !== null; node = walker.nextNode() as Text | null) {
    const after = before + node.length;
    if (start >= before && start <= after) range.setStart(node, start - before);
    if (end <= after) {
      range.setEnd(node, end - before);
      break;
    }
    before = after;
  }
  return range;
}
