import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { PinokioError } from "../protocol/errors.js";
import type { ScreenOrder } from "../protocol/screen.js";
import { Screen } from "../protocol/terminal.js";

export interface ScreenProgram {
  /** Node 24. */
  node: string;
  /** Path of `screen-host.mjs`. */
  bundle: string;
  /** Folder where Node keeps compiled code. */
  codeCache: string;
}

/** Drawing takes a tenth of a second; whoever asks many times at once waits. */
const MOST_AT_ONCE = 2;
const LIMIT_MS = 15_000;

const FLAGS = ["--disable-warning=ExperimentalWarning", "--max-old-space-size=256"];

/** Draws screens, each in a process that is gone afterwards with all that it took. */
export class ScreenProcesses {
  readonly #program: ScreenProgram;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  /** Who asks for the same while it is being drawn gets the same. */
  readonly #shared = new Map<string, Promise<Screen>>();

  constructor(program: ScreenProgram) {
    this.#program = program;
  }

  draw(order: ScreenOrder): Promise<Screen> {
    const { file, scrollback, sizes } = order;
    const key = JSON.stringify([file, scrollback, sizes]);
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const drawn = this.#draw(order).finally(() => this.#shared.delete(key));
    this.#shared.set(key, drawn);
    return drawn;
  }

  async #draw(order: ScreenOrder): Promise<Screen> {
    while (this.#running >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const { node, bundle, codeCache } = this.#program;
    const child = spawn(node, [...FLAGS, bundle], {
      cwd: "/",
      env: { NODE_COMPILE_CACHE: codeCache },
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#running++;
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    try {
      const started = new Promise<never>((_, reject) => child.once("error", reject));
      started.catch(() => undefined);
      child.stdin.on("error", () => undefined); // it ended before it was asked
      child.stdin.end(JSON.stringify(order));
      return Screen.parse(JSON.parse(await Promise.race([text(child.stdout), started])));
    } catch (error) {
      throw new PinokioError("internal", "The screen of this run could not be drawn", {
        hint: "Its output can be read as lines",
        cause: error,
      });
    } finally {
      clearTimeout(timer);
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}
