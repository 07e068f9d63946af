import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import type { RunId } from "../../runtime/protocol/ids.js";
import { LogText } from "../log-text.js";
import { LogPaper } from "../parts/log-paper.js";
import { countLines, feed, NEW_LINE } from "./feed-text.js";
import { Flood } from "./flood.js";
import { forgetPlace, showPlace } from "./found-place.js";
import { LogScroll } from "./log-scroll.js";
import { readPart } from "./read-part.js";

export interface LogWindowOptions {
  client: SidecarClient;
  runId: RunId;
  scroller: HTMLElement;
  paper: HTMLElement;
  /** First byte and the one after the last; without them the end of all there is, as it grows. */
  from: number | undefined;
  to: number | null;
  /** First byte of a line that is to be seen, instead of the end. */
  mark: number | undefined;
  gapText(bytes: number): string;
  onState(state: LogState): void;
  onError(error: unknown): void;
  /** What is printed places text all over a screen. */
  onDrawing(): void;
}

export interface LogState {
  isQuiet: boolean;
  isEnded: boolean;
  isFollowing: boolean;
}

const LINES_KEPT = 5000;
/** About what 5,000 lines take. */
const BYTES_SHOWN = 512 * 1024;
const BYTES_IN_FLIGHT = 128 * 1024;
const BYTES_OLDER = 96 * 1024;
/** A progress bar of a day is one line. */
const MOST_OLDER = 4 * 1024 * 1024;

/**
 * The part of a run's output that is held in a page: at its end it grows with the run, and whoever scrolls up or down gets
 * what stands there, while what is far away is forgotten.
 */
export class LogWindow {
  readonly #options: LogWindowOptions;
  readonly #paper: LogPaper;
  readonly #scroll: LogScroll;
  /** Around a line that is to be seen not much is read, and all of it is kept. */
  readonly #kept: number;
  readonly #closing = new AbortController();
  readonly #flood = new Flood(BYTES_IN_FLIGHT / 2);
  #text: LogText;
  #output: { close(): void } | null = null;
  #drawn: (() => void)[] = [];
  #frame = 0;
  #isFollowing: boolean;
  #isEnded = false;
  /** Where it goes on below, when what stood there was forgotten. */
  #cutAt: number | null = null;
  /** Nobody looks at the end, and more is not asked for. */
  #isHeld = false;
  #decoder = new TextDecoder();
  /** The byte after the last one that came, and how many there were when that was asked. */
  #reached = 0;
  #size = 0;
  /** So many bytes came since they were drawn. */
  #undrawn = 0;
  /** What is on the paper goes when something new is drawn. */
  #isOld = false;
  #isReading = false;
  /** There is nothing above. */
  #isTop = false;
  #linesBefore = 0;
  #isShown: boolean;
  #told = "";

  constructor(options: LogWindowOptions) {
    this.#options = options;
    this.#paper = new LogPaper(options.paper);
    this.#scroll = new LogScroll(options.scroller, options.paper);
    this.#isFollowing = this.#isShown = options.mark === undefined;
    this.#kept = options.mark === undefined ? LINES_KEPT : Infinity;
    this.#text = this.#newText();
    this.#openEnd();
  }

  close(): void {
    this.#closing.abort(new Error("The log was closed"));
    this.#output?.close();
    this.#flood.stop();
    cancelAnimationFrame(this.#frame);
    if (this.#options.mark !== undefined) forgetPlace();
  }

  /** To the end, and along with it. */
  follow(): void {
    this.#isFollowing = true;
    if (this.#cutAt !== null || this.#isHeld || this.#reached < this.#size) this.#reopen();
    this.#scroll.toBottom();
    this.#tell();
  }

  scrolled(): void {
    const { mark } = this.#options;
    // The end of what is here is the end only when nothing more is on its way.
    const isEnd = this.#cutAt === null && !this.#isHeld && this.#reached >= this.#size;
    this.#isFollowing = (this.#isFollowing || isEnd) && this.#scroll.isAtBottom;
    if (!this.#isFollowing && this.#flood.isWaiting) this.#holdAtFlood();
    if (mark === undefined) {
      if (this.#scroll.isNearBottom) this.#goOn();
      if (this.#scroll.isNearTop) void this.#readOlder();
    }
    this.#tell();
  }

  #newText(): LogText {
    return new LogText(this.#kept, { followsMoves: this.#options.mark === undefined });
  }

  /** `isCut` when it may begin in the middle of a line; `after` when the bytes before that one are here already. */
  #open(offset: number, isCut: boolean, after = 0): void {
    const { client, runId, to, mark, gapText, onError } = this.#options;
    let started = false;
    const output = client.openOutput(
      runId,
      {
        onOpened: (first, size) => {
          this.#size = size;
          if (after === 0) return;
          if (first > after) return this.#beginAnew();
          started = true;
          this.#flood.isOver();
        },
        onBytes: (came, cameAt) => {
          const known = started ? Math.min(came.length, Math.max(0, after - cameAt)) : 0;
          const [bytes, at] = [came.subarray(known), cameAt + known];
          this.#reached = at + bytes.length;
          this.#undrawn += bytes.length;
          const wanted = to === null ? bytes : bytes.subarray(0, Math.max(0, to - at));
          const above = mark === undefined ? 0 : countLines(bytes.subarray(0, Math.max(0, mark - at)));
          this.#linesBefore += above;
          let skipped = 0;
          // Begun in the middle: half a line, or half a character, helps nobody.
          if (!started && at > 0 && (mark === undefined ? isCut || at !== offset : above > 0)) {
            skipped = wanted.indexOf(NEW_LINE) + 1;
            this.#linesBefore = Math.max(0, this.#linesBefore - 1);
          }
          started = true;
          feed(this.#text, this.#decoder, wanted.subarray(skipped), at + skipped);
          if (to !== null && at + bytes.length >= to) {
            this.#isEnded = true;
            output.close();
          }
          return this.#drawSoon();
        },
        onGap: (gone, next) => {
          this.#decoder = new TextDecoder();
          this.#text.push(`${started ? "\n" : ""}… ${gapText(next - gone)} …\n`);
          this.#linesBefore += started ? 2 : 1;
          void this.#drawSoon();
        },
        onEnd: () => {
          this.#isEnded = true;
          this.#text.push(this.#decoder.decode());
          void this.#drawSoon();
        },
        onError,
      },
      { offset, windowBytes: BYTES_IN_FLIGHT },
    );
    this.#output = output;
  }

  /** The end of all there is, read anew. */
  #reopen(): void {
    this.#output?.close();
    this.#flood.stop();
    this.#flood.isOver();
    this.#beginAnew();
    this.#settle();
    this.#openEnd();
  }

  #openEnd(): void {
    const first = firstByte(this.#options);
    this.#open(first, first !== this.#options.from);
  }

  /** More is asked for only once this is on the screen, so a flood goes as fast as it can be drawn and no faster. */
  #drawSoon(): Promise<void> {
    return new Promise((done) => {
      this.#drawn.push(done);
      if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
    });
  }

  #draw(): void {
    this.#frame = 0;
    const { scroller } = this.#options;
    if (this.#isOld) this.#paper.clear();
    this.#isOld = false;
    const marks = this.#text.takeMarks();
    const { isRedrawn, isDrawing } = this.#text;
    this.#paper.write({ ...this.#text.take(), marks, isRedrawn: isRedrawn && !this.#isEnded });
    if (this.#isFollowing) this.#paper.forgetOldest(this.#kept);
    if (isDrawing) this.#options.onDrawing();
    this.#tell();
    if (this.#isFollowing) this.#scroll.toBottom();
    if (!this.#isShown) this.#isShown = showPlace(scroller, this.#paper.placeOf(this.#linesBefore));
    if (this.#isFloodSeen()) this.#lookAgain();
    else if (this.#isFollowing || this.#paper.lines < this.#kept || this.#scroll.isNearBottom) this.#goOn();
    else this.#isHeld = !this.#isEnded;
  }

  #isFloodSeen(): boolean {
    const isWhole = this.#reached >= this.#size; // the page has been at the end of what there was
    if (isWhole) this.#flood.drew(this.#undrawn);
    this.#undrawn = 0;
    return this.#flood.isOn && isWhole && this.#isFollowing && !this.#isEnded;
  }

  /** Nothing comes for a while, then the end of all there is by then. */
  #lookAgain(): void {
    this.#output?.close();
    this.#settle();
    this.#flood.lookAgain(() => this.#open(-BYTES_IN_FLIGHT, true, this.#reached));
  }

  /** Somebody reads what was drawn last. */
  #holdAtFlood(): void {
    this.#flood.stop();
    this.#flood.isOver();
    this.#isHeld = true;
  }

  /** There is a gap before what comes. It can be read above. */
  #beginAnew(): void {
    this.#begin();
    this.#linesBefore = 0;
    this.#isTop = false;
    this.#isOld = true;
  }

  /** Lets more come: the rest of what was cut off, or what waits because nobody looks at the end. */
  #goOn(): void {
    if (!this.#isFollowing && this.#paper.lines > this.#kept) {
      this.#scroll.keepPlace(() => this.#paper.forgetOldest(this.#kept));
      this.#isTop = false;
    }
    const next = this.#cutAt ?? (this.#isHeld ? this.#reached : null);
    if (next !== null) {
      this.#output?.close();
      if (this.#cutAt !== null) this.#begin();
      this.#isHeld = false;
      this.#open(next, false); // it says how much there is by now
    }
    this.#settle();
  }

  /** What comes next goes on from no line that is here. */
  #begin(): void {
    this.#text = this.#newText();
    this.#decoder = new TextDecoder();
    this.#cutAt = null;
    this.#isHeld = false;
    this.#isEnded = false;
  }

  #settle(): void {
    const waiting = this.#drawn;
    this.#drawn = [];
    for (const done of waiting) done();
  }

  async #readOlder(): Promise<void> {
    const first = this.#paper.firstByte;
    const least = this.#options.from ?? 0;
    if (this.#isReading || this.#isTop || first === null) return;
    if (first <= least) return void (this.#isTop = true);
    this.#isReading = true;
    try {
      for (let most = BYTES_OLDER; ; most *= 4) {
        const from = Math.max(least, first - most);
        const { client, runId } = this.#options;
        const part = await readPart(client, runId, from, first, this.#closing.signal);
        if (this.#paper.firstByte !== first) return; // it was drawn anew meanwhile
        const isGone = part.from > from;
        const start = from > least && !isGone ? part.bytes.indexOf(NEW_LINE) + 1 : 0;
        if (start >= part.bytes.length && from > least && most < MOST_OLDER && !isGone) continue;
        this.#isTop = isGone || from <= least;
        return this.#addOlder(part.bytes.subarray(start), part.from + start, isGone ? part.from - least : 0);
      }
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#options.onError(error);
    } finally {
      this.#isReading = false;
    }
  }

  #addOlder(bytes: Uint8Array, from: number, gone: number): void {
    const text = new LogText(Infinity);
    if (gone > 0) text.push(`… ${this.#options.gapText(gone)} …\n`);
    feed(text, new TextDecoder(), bytes, from);
    const marks = text.takeMarks();
    const { lines, tail } = text.take();
    const older = tail === "" ? lines : [...lines, ...tail.split("\n")];
    this.#scroll.keepPlace(() => this.#paper.prepend(older, marks));
    const cut = this.#paper.forgetNewest(this.#kept);
    if (cut === null) return;
    this.#output?.close();
    this.#begin(); // what was not drawn yet is below, too
    this.#cutAt = cut;
    this.#settle();
  }

  #tell(): void {
    const state = { isQuiet: this.#paper.isEmpty, isEnded: this.#isEnded, isFollowing: this.#isFollowing };
    const told = JSON.stringify(state);
    if (told === this.#told) return;
    this.#told = told;
    this.#options.onState(state);
  }
}

/** A part that is longer than what is kept begins later. */
function firstByte({ from, to }: LogWindowOptions): number {
  if (from === undefined) return -BYTES_SHOWN;
  return to === null ? from : Math.max(from, to - BYTES_SHOWN);
}
