import { type Argument, Command, CommanderError, InvalidArgumentError } from "commander";
import { PinokioError, toWireError } from "../protocol/errors.js";
import { VERSION } from "../protocol/version.js";
import { PromptLeft } from "./ask/prompt.js";
import { commands } from "./commands/index.js";
import { EXIT, type ExitCode, exitCodeOfError } from "./exit-codes.js";
import { openSession } from "./session.js";
import { errorText, onOneLine } from "./words.js";

const AFTER_HELP = `
Exit codes: 0 done or ready, 1 failed, 2 wrong usage, 3 waiting or stopped, 4 works with warnings (check).`;

/** Reads the command line, does what it says and resolves with the exit code. */
export async function runCommandLine(argv: readonly string[], bundles: string): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const program = new Command("pinokiocloud")
    .description("Run Pinokio apps on this machine")
    .version(VERSION)
    .addHelpText("after", AFTER_HELP);

  for (const add of commands) {
    add(program, async (work) => {
      const { home, json } = activeOptions;
      const session = openSession({ home, json, bundles });
      try {
        code = await work(session);
      } catch (error) {
        const told = toWireError(error instanceof PromptLeft ? notAnswered(error) : error);
        code = exitCodeOfError(told);
        if (session.json) session.print(JSON.stringify({ error: told }));
        else session.note(told.code === "cancelled" ? onOneLine(told.message) : errorText(told));
      } finally {
        session.close();
      }
    });
  }

  let activeOptions: { home?: string; json?: boolean } = {};
  program.hook("preAction", (_, command) => {
    activeOptions = command.optsWithGlobals();
  });
  const isJson = argv.includes("--json");
  everyCommand(program, (command) => {
    command.exitOverride().showHelpAfterError("Try --help");
    if (isJson) command.configureOutput({ writeErr: () => undefined }); // it is told as JSON
    for (const argument of command.registeredArguments) requireWords(argument);
    command.option("--home <folder>", "the home to work in; default: PINOKIOCLOUD_HOME or the platform's");
    command.option("--json", "print JSON on standard output and nothing else");
  });

  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const asked = ["commander.helpDisplayed", "commander.version", "commander.help"].includes(error.code);
    if (asked && error.exitCode === 0) return EXIT.done;
    if (isJson) process.stdout.write(`${JSON.stringify({ error: toWireError(wrongUsage(error)) })}\n`);
    return EXIT.usage;
  }
}

/** An argument that has to be given is not given by an empty text. */
function requireWords(argument: Argument): void {
  if (!argument.required || argument.parseArg !== undefined) return;
  const words = (text: string): string => {
    if (text.trim() !== "") return text;
    throw new InvalidArgumentError("It is empty.");
  };
  if (argument.variadic) argument.argParser<string[]>((text, before = []) => [...before, words(text)]);
  else argument.argParser(words);
}

const notAnswered = ({ message }: PromptLeft): PinokioError =>
  new PinokioError("cancelled", `${message}: nothing was done`);

function wrongUsage({ code, message }: CommanderError): PinokioError {
  const [what = "", ...more] = message.replace(/^error: /, "").split("\n");
  const sentence =
    code === "commander.help" ? "No command is named" : `${what.slice(0, 1).toUpperCase()}${what.slice(1)}`;
  return new PinokioError("request-invalid", sentence, { hint: [...more, "Try --help"].join(" ") });
}

function everyCommand(command: Command, change: (command: Command) => void): void {
  change(command);
  for (const below of command.commands) everyCommand(below, change);
}
