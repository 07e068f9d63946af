// One line per step for the person; everything a step printed goes to the log.
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { OutputError, SetupError } from "./errors.mjs";
import { root, setupLog } from "./paths.mjs";
import { run } from "./run.mjs";

const LINES_SHOWN = 20;

export class Progress {
  #out;
  #logStarted = false;
  #running = new Set();

  constructor(out = process.stdout) {
    this.#out = out;
  }

  /**
   * Runs one step. `action` gets `exec`, which runs a program, keeps its output in the log and throws when it fails.
   * `hint` says what the person can do when the step fails.
   */
  async step(name, action, hint) {
    const started = Date.now();
    this.log(`\n== ${name}\n`);
    this.#running.add(name);
    this.#drawWaiting();
    try {
      const result = await action({
        exec: (file, args, options) => this.#exec(file, args, options),
        log: (text) => this.log(text),
      });
      this.#finish(name, `✓ ${name} (${duration(started)})`);
      return result;
    } catch (error) {
      this.#finish(name, `✗ ${name} (${duration(started)})`);
      if (error instanceof SetupError) throw error;
      const output = error instanceof OutputError ? error.output : String(error.stack);
      this.log(output);
      this.say(lastLines(output));
      throw new SetupError(
        `The step “${name}” failed.`,
        `${hint ?? "Read the lines above."} Full output: ${relative(root, setupLog)}`,
      );
    }
  }

  say(line) {
    this.#clearWaiting();
    this.#out.write(`${line}\n`);
    this.#drawWaiting();
  }

  log(text) {
    if (!this.#logStarted) {
      mkdirSync(dirname(setupLog), { recursive: true });
      writeFileSync(setupLog, `${new Date().toISOString()}\n`);
      this.#logStarted = true;
    }
    appendFileSync(setupLog, text);
  }

  async #exec(file, args, options) {
    this.log(`$ ${[file, ...args].join(" ")}\n`);
    const result = await run(file, args, { ...options, onOutput: (piece) => this.log(piece) });
    if (result.code === 0) return result.output;
    throw new OutputError(`${result.output}${file} ended with ${result.signal ?? `exit code ${result.code}`}`);
  }

  #finish(name, line) {
    this.#running.delete(name);
    this.say(line);
  }

  #drawWaiting() {
    if (this.#out.isTTY && this.#running.size > 0) this.#out.write(`… ${[...this.#running].join(", ")}`);
  }

  #clearWaiting() {
    if (this.#out.isTTY) this.#out.write("\r\x1b[K");
  }
}

function lastLines(text) {
  return text
    .trimEnd()
    .split("\n")
    .slice(-LINES_SHOWN)
    .map((line) => `  ${line}`)
    .join("\n");
}

function duration(started) {
  const seconds = (Date.now() - started) / 1000;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}
