import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { cloneFolderName, findClone, parseGitUri } from "../base/git-uri.js";
import { interpreterOf } from "../base/program-file.js";
import { PinokioError } from "../protocol/errors.js";
import { defineMethod, type MethodContext } from "./method.js";

const Source = {
  branch: z.string().nullish().describe("Branch of a repository to switch to"),
  hash: z.string().nullish().describe("Commit of a repository to switch to"),
  pull: z.unknown().optional().describe("Fetch what is new in a repository first"),
};

const StartParams = z
  .looseObject({
    uri: z.string().nullish().describe("The script: relative, absolute, ~/… or https://….git/path"),
    path: z.string().nullish().describe("The same as uri"),
    params: z.unknown().optional().describe("What it gets as args and first input"),
    args: z.unknown().optional().describe("The same as params; of a program its words as a list, or its flags"),
    env: z.record(z.string(), z.unknown()).nullish().describe("Variables for all of its shells"),
    ...Source,
  })
  .describe("Which script, and what it gets");

const start = defineMethod({
  summary:
    "Start another script and wait until it is ready or over; its last value is the result. A .py, .sh or plain .js " +
    "program is started and left alone",
  params: StartParams,
  run: async (params, context) => {
    const uri = named(params.uri ?? params.path, "script.start");
    const file = await fetched(uri, params, context);
    if (!existsSync(file)) {
      throw new PinokioError("script-missing", `There is no script ${file}`, { context: { file } });
    }
    const isProgram = interpreterOf(file) !== null;
    const env = params.env ?? undefined;
    const result = await context.scripts.start(file, params.params ?? params.args, { env, isLeftAlone: isProgram });
    switch (result.kind) {
      case "already":
        context.note(`${uri} runs already\r\n`);
        return isProgram ? { id: context.scripts.find(file)?.runId ?? file, status: "running" } : undefined;
      case "begun":
        return { id: result.id, status: "started" };
      case "done":
        return result.value;
      case "stopped":
        return undefined;
      case "failed":
        // Launchers rely on going on after a script that failed; one that could not even begin is their own mistake.
        if (!result.hadBegun || typeof context.step["on_error"] === "string") throw result.error;
        context.note(`${uri} failed: ${result.error.message}\r\n`);
        return undefined;
    }
  },
});

const Uris = z.union([z.string(), z.array(z.string())]);

export const script = {
  start,

  stop: defineMethod({
    summary: "Stop other scripts",
    params: z
      .union([
        Uris,
        z.looseObject({
          uri: Uris.nullish().describe("One or several scripts"),
          path: Uris.nullish(),
          id: Uris.nullish().describe("What script.start gave for a program"),
        }),
      ])
      .nullish()
      .describe("Which; by default this one"),
    run: async (params, context) => {
      const isPlain = typeof params === "string" || Array.isArray(params);
      const given = isPlain ? params : (params?.uri ?? params?.path);
      const ids = isPlain ? undefined : params?.id;
      const files = [
        ...[given ?? []].flat().map((uri) => context.resolvePath(uri)),
        ...[ids ?? []].flat().map((id) => fileOf(id, context)),
      ];
      await context.scripts.stop(files.length === 0 ? [context.file] : files);
      return undefined;
    },
  }),

  restart: defineMethod({
    summary: "Stop a script and start it again",
    params: z
      .looseObject({
        uri: z.string().nullish().describe("Which; by default this one"),
        params: z.unknown().optional().describe("What it gets; by default what this one got"),
      })
      .nullish(),
    run: async (params, context) => {
      const file = params?.uri === undefined || params.uri === null ? context.file : context.resolvePath(params.uri);
      const self = file === context.file;
      const input = params?.params ?? (self ? context.args : undefined);
      await context.scripts.restart(file, input);
      return { uri: params?.uri ?? file, scheduled: true, self, params: params?.params };
    },
  }),

  return: defineMethod({
    summary: "Give a value to whoever started this script; only the last step's value reaches them",
    params: z.unknown().describe("The value"),
    run: (params) => Promise.resolve(params),
  }),

  download: defineMethod({
    summary: "Fetch an app from a repository, unless it is here",
    params: z.looseObject({ uri: z.string().describe("Address of the repository, with .git"), ...Source }),
    run: async (params, context) => {
      const file = await fetched(params.uri, params, context);
      return parseGitUri(params.uri) === null ? file : params.uri;
    },
  }),

  ready: defineMethod({
    summary: "Say whether a script is ready",
    params: whichScript(),
    run: (params, context) => Promise.resolve(context.scripts.find(meant(params, context))?.ready ?? false),
  }),

  status: defineMethod({
    summary: "Say whether a script runs and is ready, and what its local memory holds",
    params: whichScript(),
    run: (params, context) => {
      const { running = false, ready = false, local = {} } = context.scripts.find(meant(params, context)) ?? {};
      return Promise.resolve({ running, ready, local });
    },
  }),

  output: defineMethod({
    summary: "Get the last lines that a script has printed",
    params: whichScript(),
    run: (params, context) => {
      const lines = typeof params === "object" && params !== null ? Number(params.lines ?? 100) : 100;
      return context.scripts.output(meant(params, context), lines);
    },
  }),
};

function whichScript() {
  return z
    .union([
      z.string(),
      z.looseObject({
        uri: z.string().nullish().describe("The script; by default this one"),
        path: z.string().nullish(),
        script: z.string().nullish(),
        id: z.string().nullish().describe("What script.start gave for a program"),
        lines: z.number().nullish().describe("How many lines are wanted"),
      }),
    ])
    .nullish();
}

type WhichScript = z.output<ReturnType<typeof whichScript>>;

function meant(params: WhichScript, context: MethodContext): string {
  const isPlain = typeof params === "string";
  const uri = isPlain ? params : (params?.uri ?? params?.path ?? params?.script);
  if (!isPlain && !uri && params?.id) return fileOf(params.id, context);
  return uri === undefined || uri === null || uri === "" ? context.file : context.resolvePath(uri);
}

/** An id is that of a run, or the path of its script as Pinokio has it. */
const fileOf = (id: string, context: MethodContext): string => context.scripts.fileOf(id) ?? context.resolvePath(id);

function named(uri: string | null | undefined, method: string): string {
  if (uri !== undefined && uri !== null && uri !== "") return uri;
  throw new PinokioError("script-invalid", `${method} names no script: params.uri is missing`);
}

interface Wanted {
  branch?: string | null | undefined;
  hash?: string | null | undefined;
  pull?: unknown;
}

/** The path of what an address means; a repository that is not here is cloned. */
async function fetched(uri: string, { branch, hash, pull }: Wanted, context: MethodContext): Promise<string> {
  const git = parseGitUri(uri);
  if (git === null) return context.resolvePath(uri);
  const api = join(context.home, "api");
  let folder = findClone(api, git.remote);
  if (folder === null) {
    folder = join(api, cloneFolderName(git.remote));
    await runGit(["clone", git.remote, basename(folder)], dirname(folder), context);
  }
  if (branch) {
    await runGit(["pull"], folder, context);
    await runGit(["switch", branch], folder, context);
  }
  if (hash) {
    await runGit(["pull"], folder, context);
    await runGit(["switch", "--detach", hash], folder, context);
  }
  if (pull) await runGit(["pull"], folder, context);
  return join(folder, git.path);
}

async function runGit(args: readonly string[], cwd: string, context: MethodContext): Promise<void> {
  const exitCode = await context.runProgram("git", args, cwd);
  context.signal.throwIfAborted();
  if (exitCode === 0) return;
  throw new PinokioError("step-failed", `git ${args.join(" ")} ended with exit code ${exitCode ?? "unknown"}`, {
    hint: "The output says why",
    context: { folder: cwd },
  });
}
