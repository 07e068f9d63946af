import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomic } from "../base/atomic-file.js";
import { findProgram } from "../base/find-program.js";
import { makeFolder } from "../base/make-folder.js";
import { PinokioError } from "../protocol/errors.js";
import { defineMethod, type MethodContext, type ShellRequest, type ShellResult } from "./method.js";
import { commandsOf, wordsOf } from "./shell-message.js";

const Transfer = z
  .object({
    _: z.unknown().optional().describe("Repository, then files of it"),
    path: z.string().nullish().describe("Working folder, relative to the script"),
    env: z.record(z.string(), z.unknown()).nullish().describe("Variables"),
    repo: z.string().optional().describe("Repository, in the form with names"),
    files: z
      .union([z.array(z.string()), z.string()])
      .nullish()
      .describe("Files of the repository"),
    revision: z.string().nullish().describe("Branch, tag or commit"),
    token: z.string().nullish().describe("Access token; it does not appear on the screen"),
  })
  .catchall(z.unknown().describe("Options of the hf program"));
type Transfer = z.output<typeof Transfer>;

/** Hugging Face, through its own program. */
export const hf = {
  download: defineMethod({
    summary: "Download from Hugging Face with the hf program",
    params: Transfer,
    run: async (params, context) => {
      await context.checkRoom();
      if (params.repo !== undefined) return downloadNamed(params, params.repo, context);
      const { path, env, token, ...given } = params;
      // Authors quote what needs it, so that one value may hold several words.
      const line = ["hf", "download", ...wordsOf(given)].join(" ");
      return runHf(`${line} ; ls`, { path, env: { ...env, ...withToken(token) } }, context);
    },
  }),

  upload: defineMethod({
    summary: "Upload to Hugging Face with the hf program",
    params: Transfer,
    run: ({ path, env, token, ...given }, context) => {
      const words = Array.isArray(given._) ? (given._ as unknown[]) : [given._];
      const [command] = commandsOf({ ...given, _: ["hf", "upload", ...words] }, undefined);
      return runHf(command?.line ?? "", { path, env: { ...env, ...command?.variables, ...withToken(token) } }, context);
    },
  }),

  login: defineMethod({
    summary: "Use the Hugging Face token that is there, or ask the person for one",
    params: z
      .looseObject({
        force: z.boolean().optional().describe("Asks even when there is a token"),
        timeout: z.number().optional().describe("Accepted; it waits until somebody answers"),
      })
      .nullish(),
    run: async (params, context) => {
      const file = context.env()["HF_TOKEN_PATH"] || join(context.home, "cache", "HF_AUTH", "token");
      const known = context.env()["HF_TOKEN"] || readToken(file);
      if (known && params?.force !== true) return { status: "success", already_logged_in: true, token_path: file };
      const answer = await context.ask("hf.login", {
        title: "Hugging Face",
        description: "Paste an access token of your account; https://huggingface.co/settings/tokens makes one",
        form: [{ key: "token", type: "password", title: "Token", required: true }],
      });
      const token = tokenIn(answer);
      if (token === "") throw new PinokioError("step-failed", "Nobody gave a Hugging Face token");
      writeFileAtomic(file, token, 0o600);
      return { status: "success", token_path: file };
    },
  }),

  logout: defineMethod({
    summary: "Forget the Hugging Face token",
    params: z.unknown(),
    run: (_, context) => {
      rmSync(context.env()["HF_TOKEN_PATH"] || join(context.home, "cache", "HF_AUTH", "token"), { force: true });
      return Promise.resolve({ status: "success" });
    },
  }),
};

function readToken(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

function tokenIn(answer: unknown): string {
  if (typeof answer === "string") return answer.trim();
  return typeof answer === "object" && answer !== null && "token" in answer ? String(answer.token).trim() : "";
}

function downloadNamed(params: Transfer, repo: string, context: MethodContext): Promise<ShellResult> {
  const { files, revision, path, token, env } = params;
  const folder = path ? { "local-dir": context.resolvePath(path) } : {};
  const message = { _: ["hf", "download", repo, ...[files ?? []].flat()], revision, ...folder };
  const [command] = commandsOf(message, undefined);
  return runHf(command?.line ?? "", { path: null, env: { ...env, ...withToken(token) } }, context);
}

/** A token in a command line could be read by whoever lists processes. */
const withToken = (token: string | null | undefined): Record<string, string> => (token ? { HF_TOKEN: token } : {});

/** The program's older name does the same. */
async function runHf(
  line: string,
  { path, env }: { path: string | null | undefined; env: Record<string, unknown> },
  context: MethodContext,
): Promise<ShellResult> {
  const folders = Array.isArray(env["PATH"]) ? env["PATH"].map(String) : [];
  const isHere = (name: string): boolean =>
    context.programs.find(name) !== null || folders.some((folder) => findProgram(name, folder) !== null);
  if (!isHere("hf") && !isHere("huggingface-cli")) {
    throw new PinokioError("tool-missing", "The program hf of Hugging Face was not found", {
      hint: "Install it with: uv tool install huggingface_hub, or pip install huggingface_hub",
    });
  }
  const command = isHere("hf") ? line : line.replace(/^('?)hf\1 /, "huggingface-cli ");
  const request: ShellRequest = {
    id: undefined,
    command,
    cwd: context.resolvePath(path ?? "."),
    env,
    without: [],
    activation: null,
    shell: undefined,
    on: undefined,
    interactive: false,
    requireVirtualenv: true,
    columns: undefined,
    rows: undefined,
  };
  makeFolder(request.cwd);
  return context.shells.run(request);
}
