import { basename } from "node:path";
import type { ShellRequest } from "../methods/method.js";
import { SHELL_FLAGS, type Terminal } from "./terminal.js";

/** What a shell is started with; it depends on what can be had, a terminal or pipes. */
export type ArgumentsFor = (kind: Terminal["kind"], env: Record<string, string>) => readonly string[];

/** For a shell that carries out one command. */
export const argumentsOf =
  (request: ShellRequest): ArgumentsFor =>
  (kind, env) =>
    isBash(request.shell) ? bashArguments(request, kind, env) : ["-c", request.command];

/** For a shell that waits for what is typed into it. */
export const argumentsOfWaiting: ArgumentsFor = () => [...SHELL_FLAGS, "-i"];

/** Other shells know neither its flags nor what we ask of its prompt. */
const isBash = (shell = "bash"): boolean => /^bash/.test(basename(shell));

/**
 * The command is handed over rather than typed, so that output holds no echo of it. It is interactive all the same:
 * scripts source files that do nothing in a shell that is not, and read messages as a person sees them.
 */
function bashArguments(
  { command, interactive }: ShellRequest,
  kind: Terminal["kind"],
  env: Record<string, string>,
): readonly string[] {
  if (kind === "pipes") return [...SHELL_FLAGS, "-c", command];
  // The usual prompt is a mark for machines. Any other is somebody's own, and they expect to see it.
  const shown = env["PS1"]?.includes("PINOKIO_SHELL") ? "" : `trap 'printf %s "\${PS1@P}"' EXIT\n`;
  const stay = interactive ? `${command}\nexec "$BASH" ${SHELL_FLAGS.join(" ")} -i` : command;
  return [...SHELL_FLAGS, "-i", "-c", interactive ? stay : shown + stay];
}
