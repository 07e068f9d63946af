import { join, relative, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import * as z from "zod";
import { EXIT, EXIT_OF } from "../exit-codes.js";
import { startAndFollow } from "../start-and-follow.js";
import { startTrace } from "../trace.js";
import type { AddCommand } from "./command.js";

interface RunOptions {
  /** In a list of one: commander takes a null for no value. */
  input?: [z.infer<ReturnType<typeof z.json>>];
  action?: string;
  timeout?: number;
  trace?: string;
  answers?: z.infer<ReturnType<typeof z.json>>[];
}

/** For programs: one script, by its path. */
export const addScript: AddCommand = (program, inSession) => {
  const script = program.command("script").description("run, stop or ask about one script by its path");

  script
    .command("run")
    .description("run a script and return when it is over or ready; doing so agrees to what it runs")
    .argument("<path>", "a script, or an app's folder for its default item")
    .option("--input <json>", "what the script gets as args and first input", (text) => [parseJson(text)])
    .option("--action <name>", "the list of steps to run instead of run")
    .option("--timeout <ms>", "stop it after this long", parseMs)
    .option("--trace <file>", "write there what happens, one JSON object a line")
    .option("--answers <json>", "a list of answers to what it and the scripts it starts will ask", parseList)
    .action((path: string, { input, action, timeout, trace: traceFile, answers }: RunOptions) =>
      inSession(async (session) => {
        const script = resolve(path);
        const trace = startTrace(traceFile, relative(join(session.place.home, "api"), script));
        try {
          const { outcome, run } = await startAndFollow(
            session,
            {
              script,
              consent: true,
              ...(input === undefined ? {} : { input: input[0] }),
              ...(action === undefined ? {} : { action }),
              ...(traceFile === undefined ? {} : { trace: resolve(traceFile) }),
              ...(answers === undefined ? {} : { answers }),
            },
            timeout,
          );
          trace.followed(outcome, run);
          return EXIT_OF[outcome];
        } catch (error) {
          trace.failed(error);
          throw error;
        }
      }),
    );

  script
    .command("stop")
    .description("stop the run of a script")
    .argument("<path>")
    .action((path: string) =>
      inSession(async (session) => {
        const { run } = await (await session.client()).request("runs.stop", { script: resolve(path) });
        if (session.json) session.print(JSON.stringify({ run }));
        return EXIT.done;
      }),
    );

  script
    .command("status")
    .description("say whether a script runs and is ready")
    .argument("<path>")
    .action((path: string) =>
      inSession(async (session) => {
        const status = await (await session.client()).request("script.status", { script: resolve(path) });
        session.print(
          session.json
            ? JSON.stringify(status)
            : `${status.running ? "running" : "not running"}${status.ready ? ", ready" : ""}`,
        );
        return EXIT.done;
      }),
    );
};

function parseJson(text: string) {
  try {
    return z.json().parse(JSON.parse(text));
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseList(text: string) {
  const value = parseJson(text);
  if (!Array.isArray(value)) throw new InvalidArgumentError("It is not a list");
  return value;
}

export function parseMs(text: string): number {
  const ms = Number(text);
  if (!(ms >= 0)) throw new InvalidArgumentError("It is not a number of milliseconds");
  return ms;
}
