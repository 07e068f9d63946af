import headless from "@xterm/headless";
import { DEFAULT_TERMINAL_SIZE, type Screen, type SizeSince } from "../protocol/terminal.js";
import { readScreenWindow, type ScreenWindow, TO_OTHER_SCREEN } from "./screen-window.js";

export interface ScreenWish {
  file: string;
  /** Nothing is read beyond this byte. */
  end?: number | undefined;
  /** Each from a byte of the output on, the oldest first. */
  sizes: readonly SizeSince[];
  scrollback: number;
  secrets: readonly Buffer[];
}

/** Colours at every letter of a thousand lines go without those lines: it has to fit into a frame, as JSON. */
const MOST_TEXT = 2 * 1024 * 1024;

/** Draws the end of a run's output as a terminal does, and says how it looks then. */
export async function drawScreen({ file, end, sizes, scrollback, secrets }: ScreenWish): Promise<Screen> {
  const window = readScreenWindow(file, secrets, end);
  const { columns, rows } = sizes.at(-1) ?? DEFAULT_TERMINAL_SIZE;
  const began = sizes.findLast(({ since }) => since <= window.start) ?? sizes[0] ?? { columns, rows };
  const terminal = new headless.Terminal({
    cols: began.columns,
    rows: began.rows,
    scrollback,
    allowProposedApi: true,
  });
  const serializer = await newSerializer();
  terminal.loadAddon(serializer);
  if (window.isOther) await write(terminal, TO_OTHER_SCREEN);
  for (const { bytes, size } of piecesOf(window, sizes)) {
    if (size !== null) resize(terminal, size);
    await write(terminal, bytes);
  }
  const all = serializer.serialize({ scrollback });
  const fitting = all.length > MOST_TEXT ? serializer.serialize({ scrollback: 0 }) : all;
  // The colour in force is one of the other screen: not what the usual one goes on with.
  const shown = fitting.replace(TO_OTHER_SCREEN, `\x1b[0m${TO_OTHER_SCREEN}`);
  const text = shown + hiddenState(terminal);
  terminal.dispose();
  return { offset: window.end, columns, rows, text };
}

/** What was printed for each size, and the size where it changes. */
function piecesOf(window: ScreenWindow, sizes: readonly SizeSince[]): { bytes: Buffer; size: SizeSince | null }[] {
  const { start, end } = window;
  const first = window.isCut ? beginning(window) : 0;
  const changes = sizes.filter(({ since }) => since > start);
  const from = [start + first, ...changes.map(({ since }) => Math.min(Math.max(since, start + first), end))];
  return from.map((at, index) => ({
    bytes: window.bytes.subarray(at - start, (from[index + 1] ?? end) - start),
    size: changes[index - 1] ?? null,
  }));
}

type HeadlessTerminal = InstanceType<typeof headless.Terminal>;

interface Serializer {
  activate(terminal: HeadlessTerminal): void;
  dispose(): void;
  serialize(options: { scrollback: number }): string;
}

/** Its own types are those of the terminal of browsers and would bring a browser's globals with them. */
async function newSerializer(): Promise<Serializer> {
  const { SerializeAddon } = (await import("@xterm/addon-serialize" as string)) as {
    SerializeAddon: new () => Serializer;
  };
  return new SerializeAddon();
}

/** On the other screen lines keep the length they had, and the serializer would write all of it. */
function resize(terminal: HeadlessTerminal, { columns, rows }: SizeSince): void {
  terminal.resize(columns, rows);
  const { buffer } = (terminal as Inside)._core ?? {};
  const empty = buffer?.getNullCell?.();
  if (buffer?.lines === undefined || empty === undefined) return;
  for (let at = 0; at < buffer.lines.length; at++) {
    const line = buffer.lines.get(at);
    if (line !== undefined && line.length !== columns) line.resize(columns, empty);
  }
}

const write = (terminal: HeadlessTerminal, data: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => terminal.write(data, resolve));

/** Begun in the middle, the first thing that is surely whole is a line, or a sequence where there are no lines. */
function beginning({ bytes, isOther }: ScreenWindow): number {
  return Math.max(0, isOther ? bytes.indexOf("\x1b") : bytes.indexOf("\n") + 1);
}

/** Of the terminal's own parts, those that the library's serializer leaves out. */
interface Inside {
  _core?: {
    coreService?: { isCursorHidden?: boolean };
    coreMouseService?: { activeEncoding?: string };
    buffer?: {
      scrollTop?: number;
      scrollBottom?: number;
      getNullCell?(): unknown;
      lines?: {
        length: number;
        get(at: number): { length: number; resize(columns: number, empty: unknown): void } | undefined;
      };
    };
    _charsetService?: { glevel?: number; _charsets?: readonly unknown[] };
  };
}

const MOUSE_ENCODINGS: Readonly<Record<string, string>> = { SGR: "\x1b[?1006h", SGR_PIXELS: "\x1b[?1016h" };

function hiddenState(terminal: HeadlessTerminal): string {
  const { coreService, coreMouseService, buffer, _charsetService } = (terminal as Inside)._core ?? {};
  const top = buffer?.scrollTop ?? 0;
  const bottom = buffer?.scrollBottom ?? terminal.rows - 1;
  const region = top === 0 && bottom === terminal.rows - 1 ? "" : `\x1b[${top + 1};${bottom + 1}r`;
  const mouse = MOUSE_ENCODINGS[coreMouseService?.activeEncoding ?? ""] ?? "";
  const cursor = coreService?.isCursorHidden === true ? "\x1b[?25l" : "";
  return `${region}${cursorPlace(terminal, top)}${mouse}${cursor}${letters(_charsetService)}`;
}

/** Programs that draw lines with letters say so once, when they begin. */
function letters({ glevel = 0, _charsets = [] }: { glevel?: number; _charsets?: readonly unknown[] } = {}): string {
  const lines = _charsets.flatMap((set, at) =>
    typeof set === "object" && set !== null && "q" in set && set.q === "─" ? [`\x1b${"()*+"[at] ?? ""}0`] : [],
  );
  return `${lines.join("")}${glevel === 1 ? "\x0e" : ""}`;
}

/** The serializer goes there step by step, which ends one column off when the last line is full. */
function cursorPlace({ buffer: { active }, modes, cols }: HeadlessTerminal, top: number): string {
  const { cursorX, cursorY } = active;
  if (cursorX >= cols) return ""; // behind the last column no sequence leads
  return `\x1b[${cursorY + 1 - (modes.originMode ? top : 0)};${cursorX + 1}H`;
}
