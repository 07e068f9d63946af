import { Command, CommanderError } from "commander";
import { toWireError } from "../protocol/errors.js";
import { VERSION } from "../protocol/version.js";
import { commands } from "./commands/index.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { openSession } from "./session.js";
import { errorText } from "./words.js";

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
        const told = toWireError(error);
        if (session.json) session.print(JSON.stringify({ error: told }));
        else session.note(errorText(told));
        code = EXIT.failed;
      } finally {
        session.close();
      }
    });
  }

  let activeOptions: { home?: string; json?: boolean } = {};
  program.hook("preAction", (_, command) => {
    activeOptions = command.optsWithGlobals();
  });
  everyCommand(program, (command) => {
    command.exitOverride().showHelpAfterError("Try --help");
    command.option("--home <folder>", "the home to work in; default: PINOKIOCLOUD_HOME or the platform's");
    command.option("--json", "print JSON on standard output and nothing else");
  });

  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const asked = ["commander.helpDisplayed", "commander.version", "commander.help"].includes(error.code);
    return asked && error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
}

function everyCommand(command: Command, change: (command: Command) => void): void {
  change(command);
  for (const below of command.commands) everyCommand(below, change);
}
