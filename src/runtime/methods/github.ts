import { basename } from "node:path";
import * as z from "zod";
import { PinokioError } from "../protocol/errors.js";
import { defineMethod, type MethodContext, type ProgramResult } from "./method.js";

const Folder = {
  path: z.string().nullish().describe("Folder of the repository, relative to the script"),
  cwd: z.string().nullish().describe("The same as path"),
  name: z.string().nullish().describe("Name of the new repository; the folder's by default"),
};

/** Repositories on GitHub, through its own program, which keeps the login. */
export const github = {
  create: defineMethod({
    summary: "Create a repository on GitHub from a folder, and push to it",
    params: z.looseObject({
      ...Folder,
      visibility: z.enum(["public", "private", "internal"]).default("public").describe("public by default"),
    }),
    run: async ({ path, cwd, name, visibility }, context) => {
      const folder = context.resolvePath(path ?? cwd ?? ".");
      const words = [name || basename(folder), `--${visibility}`, "--source", folder, "--remote", "origin", "--push"];
      await gh(["repo", "create", ...words], folder, context);
      return described(folder, context);
    },
  }),

  fork: defineMethod({
    summary: "Fork a folder's repository on GitHub, and add the fork as a remote",
    params: z.looseObject({
      ...Folder,
      org: z.string().nullish().describe("The organisation that gets it, instead of you"),
    }),
    run: async ({ path, cwd, name, org }, context) => {
      const folder = context.resolvePath(path ?? cwd ?? ".");
      const words = [...(name ? ["--fork-name", name] : []), ...(org ? ["--org", org] : [])];
      await gh(["repo", "fork", "--remote", ...words], folder, context);
      return described(folder, context);
    },
  }),
};

/** What GitHub's interface says of a folder's repository. */
async function described(folder: string, context: MethodContext): Promise<unknown> {
  const { stdout } = await gh(["api", "repos/{owner}/{repo}"], folder, context);
  return JSON.parse(stdout.toString("utf8")) as unknown;
}

async function gh(args: readonly string[], cwd: string, { programs }: MethodContext): Promise<ProgramResult> {
  if (programs.find("gh") === null) {
    throw new PinokioError("tool-missing", "The program gh of GitHub was not found", {
      hint: "Install gh and run `gh auth login`, or create the repository on its web page",
    });
  }
  const result = await programs.run({ program: "gh", args, cwd });
  if (result.exitCode === 0) return result;
  const said = result.stderr.toString("utf8").trim().slice(-500);
  throw new PinokioError("step-failed", `gh ${args.slice(0, 2).join(" ")} failed${said === "" ? "" : `: ${said}`}`, {
    hint: /auth|login|credential/i.test(said) ? "Run `gh auth login` once" : undefined,
  });
}
