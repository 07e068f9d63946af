import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { join, relative } from "node:path";
import { findProgram } from "../base/find-program.js";
import { PinokioError } from "../protocol/errors.js";
import type { ProgramRequest, ProgramResult, Programs } from "../methods/method.js";
import type { ProgramBounds } from "./program-bounds.js";
import type { EnvironmentWishes } from "./world.js";

export interface ProgramsOptions {
  signal: AbortSignal;
  environmentFor(wishes: EnvironmentWishes): Record<string, string>;
  /** They are held to what holds for all programs of the run. */
  bounds: ProgramBounds;
}

const NO_WISHES = { activation: null, without: [], requireVirtualenv: false };

/** Programs without a terminal, such as git; they see what a shell of the run sees. */
export function programsOf({ signal, environmentFor, bounds }: ProgramsOptions): Programs {
  const find = (name: string, env: Record<string, unknown> = {}): string | null =>
    findProgram(name, environmentFor({ ...NO_WISHES, env })["PATH"]);
  return {
    find,
    run: (request) => {
      const program = find(request.program, request.env);
      if (program === null) {
        throw new PinokioError("tool-missing", `The program ${request.program} was not found`, {
          hint: `Install ${request.program}, then run the script again`,
        });
      }
      const env = environmentFor({ ...NO_WISHES, env: request.env ?? {} });
      return run({ ...request, ...bounds.command(program, request.args) }, { env, signal, bounds });
    },
  };
}

/** What a program says unseen is kept in memory, so it must end somewhere. */
const MOST_BYTES = 64 * 1024 * 1024;

interface Bounded extends Pick<ProgramsOptions, "signal" | "bounds"> {
  env: Record<string, string>;
}

function run(request: ProgramRequest, { env, signal, bounds }: Bounded): Promise<ProgramResult> {
  const { program, args, cwd, input, timeoutMs } = request;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      signal,
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    if (child.pid !== undefined) bounds.started(child.pid);
    const collected = { stdout: new Collector(), stderr: new Collector() };
    child.stdout.on("data", (bytes: Buffer) => collected.stdout.add(bytes));
    child.stderr.on("data", (bytes: Buffer) => collected.stderr.add(bytes));
    child.on("error", (error) => reject(signal.aborted ? (signal.reason as Error) : error));
    child.on("close", (exitCode) =>
      resolve({ exitCode, stdout: collected.stdout.bytes, stderr: collected.stderr.bytes }),
    );
    child.stdin.on("error", () => undefined); // it may end without reading
    child.stdin.end(input ?? "");
  });
}

class Collector {
  readonly #pieces: Buffer[] = [];
  #length = 0;

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  add(piece: Buffer): void {
    if (this.#length >= MOST_BYTES) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}

/** The folder of the app that a script belongs to, or null for a script outside `<home>/api`. */
export function appFolderOf(home: string, scriptFile: string): string | null {
  const api = join(home, "api");
  const [app = ""] = relative(api, scriptFile).split("/");
  return app === "" || app === ".." ? null : join(api, app);
}
