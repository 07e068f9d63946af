import { type ITheme, Terminal } from "@xterm/xterm";
import type { Screen, TerminalSize } from "../../runtime/protocol/terminal.js";
import { linksOfLine } from "./terminal-links.js";

export const SCROLLBACK = 1_000;

const LEAST: TerminalSize = { columns: 20, rows: 5 };
const MOST: TerminalSize = { columns: 1_000, rows: 500 };
/** A narrow place shows more with smaller letters. */
const NARROW_PX = 420;
const FONT_PX = 12;
const NARROW_FONT_PX = 11;

export interface PaperListener {
  /** The person types, or pastes. */
  onTyped(text: string): void;
  onLink(address: string): void;
}

/** A terminal in a page. It draws; it neither asks for what it shows nor sends what is typed. */
export class TerminalPaper {
  readonly #terminal: Terminal;
  readonly #box: HTMLElement;

  constructor(box: HTMLElement, { onTyped, onLink }: PaperListener) {
    this.#box = box;
    const { fontFamily } = getComputedStyle(box);
    const terminal = new Terminal({
      fontFamily,
      fontSize: box.clientWidth < NARROW_PX ? NARROW_FONT_PX : FONT_PX,
      scrollback: SCROLLBACK,
      minimumContrastRatio: 4.5,
      cursorInactiveStyle: "outline",
      disableStdin: true,
      linkHandler: {
        activate: (_, address) => {
          if (/^https?:/i.test(address)) onLink(address);
        },
      },
    });
    this.#terminal = terminal;
    answerNothing(terminal);
    terminal.registerLinkProvider({
      provideLinks: (line, tell) => {
        const links = linksOfLine(terminal.buffer.active, line);
        tell(links.map((link) => ({ ...link, activate: (_, address) => onLink(address) })));
      },
    });
    terminal.attachCustomKeyEventHandler((event) => isForTerminal(event, terminal.hasSelection()));
    terminal.onData(onTyped);
    this.recolour();
    terminal.open(box);
  }

  /** Forgets what it has shown and shows this. */
  show({ columns, rows, text }: Screen): Promise<void> {
    this.#terminal.reset();
    this.resize({ columns, rows });
    return this.write(text);
  }

  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(data, resolve));
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#terminal.resize(columns, rows);
  }

  /** The size that would fill its place; null while that has none. */
  fitting(): TerminalSize | null {
    const screen = this.#box.querySelector(".xterm-screen");
    const { columns, rows } = this.size;
    const cell = screen === null ? null : { width: screen.clientWidth / columns, height: screen.clientHeight / rows };
    if (cell === null || !(cell.width > 0) || !(cell.height > 0)) return null;
    const { paddingInlineStart, paddingInlineEnd, paddingBlockStart, paddingBlockEnd } = getComputedStyle(this.#box);
    const width = this.#box.clientWidth - parseFloat(paddingInlineStart) - parseFloat(paddingInlineEnd);
    const height = this.#box.clientHeight - parseFloat(paddingBlockStart) - parseFloat(paddingBlockEnd);
    return {
      columns: between(LEAST.columns, Math.floor(width / cell.width), MOST.columns),
      rows: between(LEAST.rows, Math.floor(height / cell.height), MOST.rows),
    };
  }

  get size(): TerminalSize {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows };
  }

  takeKeys(isTaken: boolean): void {
    this.#terminal.options.disableStdin = !isTaken;
  }

  set label(label: string) {
    this.#terminal.textarea?.setAttribute("aria-label", label);
  }

  /** Takes over the colours of its place. */
  recolour(): void {
    const { color, backgroundColor } = getComputedStyle(this.#box);
    this.#terminal.options.theme = {
      ...(isDark(backgroundColor) ? ON_DARK : ON_LIGHT),
      foreground: color,
      background: backgroundColor,
      cursor: color,
      cursorAccent: backgroundColor,
    };
  }

  focus(): void {
    this.#terminal.focus();
  }

  remove(): void {
    this.#terminal.dispose();
  }
}

const between = (least: number, value: number, most: number): number => Math.min(most, Math.max(least, value));

/**
 * Programs can ask a terminal what it is, where its cursor is, what its colours are. The answer would be typed into
 * whatever reads by then: of several views, and of what was printed an hour ago.
 */
function answerNothing({ parser }: Terminal): void {
  const silent = (): boolean => true;
  for (const prefix of [undefined, "?", ">", "="]) {
    const of = prefix === undefined ? {} : { prefix };
    for (const final of ["n", "c"]) parser.registerCsiHandler({ ...of, final }, silent);
    parser.registerCsiHandler({ ...of, intermediates: "$", final: "p" }, silent);
  }
  parser.registerCsiHandler({ prefix: ">", final: "q" }, silent);
  parser.registerCsiHandler({ final: "t" }, silent);
  parser.registerEscHandler({ final: "Z" }, silent);
  for (const intermediates of ["$", "+"]) parser.registerDcsHandler({ intermediates, final: "q" }, silent);
  for (const colour of [4, 10, 11, 12]) parser.registerOscHandler(colour, (data) => data.includes("?"));
}

/** What is left to the browser: copying what is chosen, pasting, and a way out for who has only a keyboard. */
function isForTerminal({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent, isChosen: boolean): boolean {
  if (key === "Tab" && shiftKey) return false;
  const isCommand = (ctrlKey || metaKey) && !altKey;
  if (isCommand && key.toLowerCase() === "c") return !(isChosen || metaKey);
  return !(isCommand && key.toLowerCase() === "v");
}

function isDark(colour: string): boolean {
  const [red = 255, green = 255, blue = 255] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return 0.3 * red + 0.59 * green + 0.11 * blue < 128;
}

/** What is too near to what is behind it is drawn darker or lighter, so white can be white. */
const ON_LIGHT: ITheme = {
  black: "#212121",
  red: "#c62828",
  green: "#2e7d32",
  yellow: "#8d6200",
  blue: "#1565c0",
  magenta: "#8e24aa",
  cyan: "#00798a",
  white: "#e0e0e0",
  brightBlack: "#757575",
  brightRed: "#d32f2f",
  brightGreen: "#388e3c",
  brightYellow: "#a87000",
  brightBlue: "#1976d2",
  brightMagenta: "#ab47bc",
  brightCyan: "#00838f",
  brightWhite: "#ffffff",
  selectionBackground: "#1565c040",
};

const ON_DARK: ITheme = {
  black: "#3c4043",
  red: "#ef5350",
  green: "#66bb6a",
  yellow: "#ffca28",
  blue: "#64b5f6",
  magenta: "#ce93d8",
  cyan: "#4dd0e1",
  white: "#cfd2d6",
  brightBlack: "#8a9096",
  brightRed: "#ff8a80",
  brightGreen: "#a5d6a7",
  brightYellow: "#ffe082",
  brightBlue: "#90caf9",
  brightMagenta: "#e1bee7",
  brightCyan: "#80deea",
  brightWhite: "#ffffff",
  selectionBackground: "#64b5f640",
};
