import { mkdir } from "node:fs/promises";
import * as z from "zod";
import { setPath } from "../base/dotted-path.js";
import { PinokioError } from "../protocol/errors.js";
import { type Activation, defineMethod, type MethodContext, type ShellRequest, type ShellResult } from "./method.js";
import { condaUseIn } from "./conda-words.js";
import { type Command, commandsOf } from "./shell-message.js";

const Version = z.union([z.string(), z.number()]);

const CondaParams = z.looseObject({
  path: z.string().nullish(),
  name: z.string().nullish(),
  python: Version.nullish(),
  args: z.string().nullish(),
  activate: z.union([z.string(), z.array(z.string())]).nullish(),
});

const RunParams = z.looseObject({
  message: z.unknown().optional().describe("A command line, a command as an object, or a list of them"),
  script: z.unknown().optional().describe("The command, when message is its title"),
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
  conda_python: Version.nullish().describe("The Python version of a new conda environment"),
  on: z.unknown().optional().describe("Patterns to watch the output for"),
  chain: z.unknown().optional().describe("Runs a list in one shell: & for &&, | for ||, * for ;"),
  input: z.unknown().optional().describe("Somebody types into the shell"),
  id: z.union([z.string(), z.number()]).nullish().describe("Name of the shell for other steps"),
  shell: z.string().nullish().describe("A program instead of bash"),
  sudo: z.unknown().optional().describe("Runs the command as the administrator"),
  cols: z.number().nullish().describe("Columns of the terminal, 100 by default"),
  rows: z.number().nullish().describe("Rows of the terminal, 30 by default"),
  return: z.unknown().optional().describe('Local variable that gets the output, such as "local.text"'),
});
type RunParams = z.output<typeof RunParams>;

const IdAndText = z
  .looseObject({
    id: z.union([z.string(), z.number()]).nullish().describe("The shell; by default the one of this script"),
    message: z.unknown().optional().describe("A text, a command as an object, or a list of them"),
    on: z.unknown().optional().describe('Patterns, each with what the step gives: {event: "/…/", return: …}'),
  })
  .nullish()
  .transform((params) => params ?? {});

export const shell = {
  run: defineMethod({
    summary: "Run a command in a terminal",
    params: RunParams.nullish().transform((params) => params ?? {}),
    run: async (params, context) => {
      const cwd = folderOf(params, context);
      await mkdir(cwd, { recursive: true });
      const isActivated = Boolean(params.venv) || !skipsConda(params.conda);
      const asked = commandsOf(messageOf(params, context), params.chain, { isActivated });
      if (asked.length === 0) return undefined;
      const { commands, usesConda } = withCondaGuarded(asked, params, context);
      if (params.sudo) await requireAdministrator(cwd, context);
      const activation = await activate(params, cwd, usesConda, context);
      const { on, words } = splitHandlers(params.on);
      let result: ShellResult | undefined;
      for (const command of commands) {
        context.signal.throwIfAborted();
        result = await context.shells.run(requestFor({ ...params, on }, { command, cwd, activation }, context));
        if (result.error !== undefined) break;
      }
      if (result !== undefined) keep(result, params, words, context);
      return result;
    },
  }),

  start: defineMethod({
    summary: "Open a shell that stays open, and get its id",
    params: RunParams.nullish().transform((params) => params ?? {}),
    run: async (params, context) => {
      const cwd = folderOf(params, context);
      await mkdir(cwd, { recursive: true });
      const asked = commandsOf(messageOf(params, context), params.chain ?? true);
      const { commands, usesConda } = withCondaGuarded(asked, params, context);
      const activation = await activate(params, cwd, usesConda, context);
      const [command = EMPTY] = commands;
      const request = requestFor(params, { command, cwd, activation }, context);
      return context.shells.start({ ...request, id: request.id ?? context.cwd });
    },
  }),

  enter: defineMethod({
    summary: "Type a line into an open shell and wait for a pattern or the next prompt",
    params: IdAndText,
    run: (params, context) => type(params, "\n", context),
  }),

  write: defineMethod({
    summary: "Type into an open shell without a line end",
    params: IdAndText,
    run: (params, context) => type(params, "", context),
  }),

  stop: defineMethod({
    summary: "End a shell and what it has started",
    params: z
      .looseObject({
        id: z.union([z.string(), z.number()]).nullish().describe("The shell; by default the one of this script"),
        group: z.union([z.string(), z.number()]).nullish().describe("The same as id"),
      })
      .nullish(),
    run: (params, context) => context.shells.stop(String(params?.id ?? params?.group ?? context.cwd)),
  }),
};

const EMPTY: Command = { line: "", variables: {} };

const folderOf = ({ path, cwd }: RunParams, context: MethodContext): string => context.resolvePath(path ?? cwd ?? ".");

/** With `script`, that is the command: a text as message is its title then, a list comes before it. */
function messageOf({ script, message }: RunParams, context: MethodContext): unknown {
  if (script === undefined || script === null) return message;
  if (Array.isArray(message)) return [...(message as unknown[]), script];
  if (typeof message === "string" && message !== "") context.note(`${message}\r\n`);
  return script;
}

async function type(
  { id, message, on }: z.output<typeof IdAndText>,
  end: string,
  { shells, cwd }: MethodContext,
): Promise<unknown> {
  let result: unknown;
  for (const { line } of commandsOf(message, undefined)) {
    result = await shells.type({ id: String(id ?? cwd), text: `${line}${end}`, on });
  }
  return result;
}

type WordHandler = { event: string; return?: unknown };

/** Beside patterns, the words stdout, stderr and end say where the text goes once the command is over. */
function splitHandlers(on: unknown): { on: unknown; words: WordHandler[] } {
  if (!Array.isArray(on)) return { on, words: [] };
  const isWord = (handler: unknown): handler is WordHandler =>
    typeof handler === "object" &&
    handler !== null &&
    "event" in handler &&
    ["stdout", "stderr", "end"].includes(String(handler.event));
  return { on: on.filter((handler) => !isWord(handler)), words: on.filter(isWord) };
}

/** A terminal mixes both outputs, so each word gets the whole text. */
function keep(result: ShellResult, params: RunParams, words: WordHandler[], context: MethodContext): void {
  const targets = [...words.map((handler) => handler.return), params["return"]];
  let isChanged = false;
  for (const target of targets) {
    const key = typeof target === "string" ? target.replace(/^\{\{\s*|\s*\}\}$/g, "").replace(/^local\./, "") : "";
    if (key === "") continue;
    setPath(context.local, key, result.stdout);
    isChanged = true;
  }
  if (isChanged) context.memoryChanged();
}

/** Empties commands that would change the conda or the Python of the base environment: others stand on them. */
function withCondaGuarded(
  commands: Command[],
  { conda }: RunParams,
  context: MethodContext,
): { commands: Command[]; usesConda: boolean } {
  let usesConda = false;
  const guarded = commands.map((command) => {
    const use = condaUseIn(command.line, Boolean(conda) && !isBase(conda) && !skipsConda(conda));
    if (use === null) return command;
    usesConda ||= use.refusal === null;
    if (use.refusal === null) return command;
    context.warn(`Left out, since it would change the base environment (${use.refusal}): ${command.line}`);
    return EMPTY;
  });
  return { commands: guarded, usesConda };
}

const isBase = (conda: unknown): boolean =>
  typeof conda === "object" && conda !== null && "name" in conda && conda.name === "base";

async function activate(
  params: RunParams,
  cwd: string,
  usesConda: boolean,
  context: MethodContext,
): Promise<Activation | null> {
  const { venv } = params;
  // Every shell of Pinokio is in conda's base environment; here those are whose command needs it.
  const conda = params.conda ? params.conda : usesConda ? { name: "base" } : null;
  const around = conda && !skipsConda(conda) ? await activateConda({ ...params, conda }, cwd, context) : null;
  if (!venv) return around;
  const asked = typeof venv === "string" ? { path: venv, python: null } : venv;
  const python = asked.python ?? params.venv_python ?? null;
  const inner = await context.environments.venv({
    path: context.resolvePath(asked.path, cwd),
    python: python === null ? null : String(python),
    cwd,
    ...(around === null ? {} : { within: around.path }),
  });
  return around === null ? inner : joined(around, inner);
}

const joined = (outer: Activation, inner: Activation): Activation => ({
  variables: { ...outer.variables, ...inner.variables },
  without: [...outer.without, ...inner.without],
  path: [...inner.path, ...outer.path],
});

async function activateConda(params: RunParams, cwd: string, context: MethodContext): Promise<Activation | null> {
  const conda = CondaParams.parse(typeof params.conda === "string" ? { path: params.conda } : params.conda);
  const { path, name, activate } = conda;
  if (!path && !name && !activate) {
    throw new PinokioError("script-invalid", `conda is ${JSON.stringify(params.conda)}, which names no environment`, {
      hint: 'Write {"path": "env"}, {"name": "env"} or {"skip": true}',
    });
  }
  const python = conda.python ?? (typeof params.conda === "string" ? null : params.conda_python) ?? null;
  return context.environments.conda({
    env: path ? { path: context.resolvePath(path, cwd) } : { name: name || "base" },
    python: python === null ? null : String(python),
    args: conda.args ?? "",
    activate: activate ?? null,
    cwd,
  });
}

const skipsConda = (conda: unknown): boolean =>
  typeof conda === "object" && conda !== null && "skip" in conda && Boolean(conda.skip);

function requestFor(
  params: RunParams,
  { command, cwd, activation }: { command: Command; cwd: string; activation: Activation | null },
  context: MethodContext,
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
    requireVirtualenv: !params.conda || isBase(params.conda),
    columns: params.cols ?? undefined,
    rows: params.rows ?? undefined,
    detached: context.step["daemon"] === true,
    onTrigger: (action, event) => context.trigger(action, { event, trigger: action }),
    onNotify: (notice) => context.tell("push", notice),
  };
}

/** The administrator needs no sudo; anybody else needs one that asks for no password, since nobody could type it. */
async function requireAdministrator(cwd: string, { programs }: MethodContext): Promise<void> {
  if (process.getuid?.() === 0) return;
  const hint = "Run the command yourself as root, or leave the step out";
  if (programs.find("sudo") === null) {
    throw new PinokioError("tool-missing", "This step needs the administrator, and there is no sudo here", { hint });
  }
  const { exitCode } = await programs.run({ program: "sudo", args: ["-n", "true"], cwd, timeoutMs: SUDO_MS });
  if (exitCode === 0) return;
  throw new PinokioError("step-failed", "This step needs the administrator, and sudo asks for a password here", {
    hint,
  });
}

const SUDO_MS = 10_000;

function asAdministrator(line: string): string {
  if (process.getuid?.() === 0) return line;
  const quoted = `'${line.replaceAll("'", `'"'"'`)}'`;
  // sudo has a PATH of its own.
  return `sudo -n -E env "PATH=$PATH" bash --noprofile --norc -c ${quoted}`;
}
