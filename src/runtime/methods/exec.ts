import * as z from "zod";
import { PinokioError } from "../protocol/errors.js";
import { defineMethod } from "./method.js";

export const exec = defineMethod({
  summary: "Run a command without a terminal and get what it printed",
  params: z.looseObject({
    message: z.string().describe("The command line"),
    path: z.string().nullish().describe("Working folder, relative to the script"),
    cwd: z.string().nullish().describe("The same as path"),
    env: z.record(z.string(), z.unknown()).nullish().describe("Variables"),
    shell: z.string().nullish().describe("A shell instead of /bin/sh"),
    timeout: z.number().nullish().describe("Milliseconds"),
  }),
  run: async ({ message, path, cwd, env, shell, timeout }, context) => {
    const result = await context.programs.run({
      program: shell ?? "/bin/sh",
      args: ["-c", message],
      cwd: context.resolvePath(path ?? cwd ?? "."),
      env: env ?? {},
      ...(timeout ? { timeoutMs: timeout } : {}),
    });
    const [stdout, stderr] = [result.stdout.toString("utf8"), result.stderr.toString("utf8")];
    if (result.exitCode === 0) return { stdout, stderr, error: null };
    const how = result.exitCode === null ? "was ended" : `ended with exit code ${result.exitCode}`;
    const said = (stderr.trim() || stdout.trim()).slice(-500);
    throw new PinokioError("step-failed", `${message} ${how}${said === "" ? "" : `: ${said}`}`);
  },
});
