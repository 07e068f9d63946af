import type { LogGrowth } from "../log-text.js";

const LINES_PER_BLOCK = 200;

/**
 * The lines of a log as few text nodes: appending is one write to the last of them, and forgetting old lines removes
 * whole blocks.
 */
export class LogPaper {
  readonly #element: HTMLElement;
  readonly #keep: number;
  readonly #tail: Text;
  #blocks: { element: HTMLElement; text: Text; lines: number }[] = [];
  #lines = 0;

  constructor(element: HTMLElement, keep: number) {
    this.#element = element;
    this.#keep = keep;
    const last = element.ownerDocument.createElement("div");
    this.#tail = element.ownerDocument.createTextNode("");
    last.append(this.#tail);
    element.replaceChildren(last);
  }

  write({ back, lines, tail }: Omit<LogGrowth, "dropped">): void {
    this.#takeBack(back);
    for (let from = 0; from < lines.length;) {
      const block = this.#openBlock();
      const some = lines.slice(from, from + LINES_PER_BLOCK - block.lines);
      block.text.appendData(`${some.join("\n")}\n`);
      block.lines += some.length;
      this.#lines += some.length;
      from += some.length;
    }
    if (this.#tail.data !== tail) this.#tail.data = tail;
    this.#forgetOldest();
  }

  get isEmpty(): boolean {
    return this.#lines === 0 && this.#tail.data === "";
  }

  /** Where a complete line stands, counted from the first one there is; null when it has not come yet. */
  placeOf(line: number): Range | null {
    let before = 0;
    for (const { text, lines } of this.#blocks) {
      if (line >= before + lines) {
        before += lines;
        continue;
      }
      const rows = text.data.split("\n");
      const start = rows.slice(0, line - before).reduce((sum, row) => sum + row.length + 1, 0);
      const range = text.ownerDocument.createRange();
      range.setStart(text, start);
      range.setEnd(text, start + (rows[line - before]?.length ?? 0));
      return range;
    }
    return null;
  }

  #openBlock() {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.lines < LINES_PER_BLOCK) return last;
    const element = this.#element.ownerDocument.createElement("div");
    const text = this.#element.ownerDocument.createTextNode("");
    element.className = "pk-log-block";
    element.append(text);
    this.#element.insertBefore(element, this.#element.lastChild);
    const block = { element, text, lines: 0 };
    this.#blocks.push(block);
    return block;
  }

  #takeBack(count: number): void {
    for (let left = count, last = this.#blocks.at(-1); left > 0 && last !== undefined; last = this.#blocks.at(-1)) {
      const some = Math.min(left, last.lines);
      const rows = last.text.data.split("\n");
      last.text.data = rows
        .slice(0, last.lines - some)
        .map((row) => `${row}\n`)
        .join("");
      last.lines -= some;
      this.#lines -= some;
      left -= some;
      if (last.lines > 0) return;
      last.element.remove();
      this.#blocks.pop();
    }
  }

  #forgetOldest(): void {
    for (let oldest = this.#blocks[0]; oldest !== undefined && this.#lines - oldest.lines >= this.#keep;) {
      oldest.element.remove();
      this.#lines -= oldest.lines;
      this.#blocks.shift();
      oldest = this.#blocks[0];
    }
  }
}
