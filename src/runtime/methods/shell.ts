import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import * as z from "zod";
import { PinokioError } from "../protocol/errors.js";
import { type Activation, defineMethod, type MethodContext, type ShellRequest, type ShellResult } from "./method.js";
import { type Command, commandsOf } from "./shell-message.js";

const Version = z.union([z.string(), z.number()]);

const RunParams = z.looseObject({
  message: z.unknown().optional().describe("A command line, a command as an object, or a list of them"),
  path: z.string().nullish().describe("Working folder, relative to the script; made when missing"),
  cwd: z.string().nullish().describe("The same as path, which wins"),
  env: z.record(z.string(), z.unknown()).nullish().describe("Variables; a list goes in front of what is there"),
  "-env": z.array(z.string()).nullish().describe("Variables to leave out"),
  venv: z
    .union([z.string(), z.object({ path: z.string(), python: Version.nullish() }), z.literal(false), z.literal(0)])
    .nullish()
    .describe("Folder of a Python environment, relative to the working folder; made when missing"),
  venv_python: Version.nullish().describe("The Python version of a new environment"),
  conda: z.unknown().optional().describe("Conda environment; {skip: true} for none"),
  on: z.unknown().optional().describe("Patterns to watch the output for"),
  chain: z.unknown().optional().describe("Runs a list in one shell: & for &&, | for ||, * for ;"),
  input: z.unknown().optional().describe("Somebody types into the shell"),
  id: z.union([z.string(), z.number()]).nullish().describe("Name of the shell for other steps"),
  shell: z.string().nullish().describe("A program instead of bash"),
  sudo: z.unknown().optional().describe("Runs the command as the administrator"),
  cols: z.number().nullish().describe("Columns of the terminal, 100 by default"),
  rows: z.number().nullish().describe("Rows of the terminal, 30 by default"),
});
type RunParams = z.output<typeof RunParams>;

export const shell = {
  run: defineMethod({
    summary: "Run a command in a terminal",
    params: RunParams.nullish().transform((params) => params ?? {}),
    run: async (params, context) => {
      const cwd = context.resolvePath(params.path ?? params.cwd ?? ".");
      await mkdir(cwd, { recursive: true });
      const isActivated = Boolean(params.venv) || !skipsConda(params.conda);
      const commands = commandsOf(params.message, params.chain, { isActivated });
      if (commands.length === 0) return undefined;
      const activation = await activate(params, cwd, context);
      let result: ShellResult | undefined;
      for (const command of commands) {
        context.signal.throwIfAborted();
        result = await context.shells.run(requestFor(params, { command, cwd, activation }));
        if (result.error !== undefined) break;
      }
      return result;
    },
  }),
};

async function activate(params: RunParams, cwd: string, context: MethodContext): Promise<Activation | null> {
  if (params.conda && !skipsConda(params.conda)) {
    throw new PinokioError("tool-missing", "This step asks for a conda environment, which cannot be made here yet", {
      hint: 'Use "venv" instead of "conda" in the script',
    });
  }
  if (!params.venv) return null;
  const asked = typeof params.venv === "string" ? { path: params.venv, python: null } : params.venv;
  const python = asked.python ?? params.venv_python ?? null;
  return context.environments.venv({
    path: resolve(cwd, asked.path.startsWith("~/") ? context.resolvePath(asked.path) : asked.path),
    python: python === null ? null : String(python),
    cwd,
  });
}

const skipsConda = (conda: unknown): boolean =>
  typeof conda === "object" && conda !== null && "skip" in conda && Boolean(conda.skip);

function requestFor(
  params: RunParams,
  { command, cwd, activation }: { command: Command; cwd: string; activation: Activation | null },
): ShellRequest {
  return {
    id: params.id === undefined || params.id === null ? undefined : String(params.id),
    command: params.sudo ? asAdministrator(command.line) : command.line,
    cwd,
    env: { ...params.env, ...command.variables },
    without: params["-env"] ?? [],
    activation: params.sudo ? null : activation,
    shell: params.shell ?? undefined,
    on: params.on,
    interactive: Boolean(params.input),
    requireVirtualenv: !skipsConda(params.conda),
    columns: params.cols ?? undefined,
    rows: params.rows ?? undefined,
  };
}

/** The administrator needs no sudo; anybody else gets a sudo that fails at once instead of asking for a password. */
function asAdministrator(line: string): string {
  if (process.getuid?.() === 0) return line;
  return `sudo -n -E bash -c '${line.replaceAll("'", `'"'"'`)}'`;
}
