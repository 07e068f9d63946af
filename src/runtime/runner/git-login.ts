import type { Buffer } from "node:buffer";
import { StringDecoder } from "node:string_decoder";
import { namesSsh, settingsNameSsh } from "../base/own-ssh.js";
import type { Variables } from "../environments/shell-environment.js";
import type { RunRequest } from "../protocol/channel.js";
import type { EnvironmentWishes } from "./world.js";

type EnvironmentFor = (wishes?: EnvironmentWishes) => Variables;

/**
 * What programs of a run see so that git is let in where their app came from. The login itself lies in a file: no
 * variable holds it. Helpers of the machine's own settings are asked before. Where nobody is there git asks nobody, for
 * that would keep the run waiting for ever; nor does its ssh, unless a person has said which one that is. `folder` is
 * where git's settings are looked up.
 */
export function withGitLogin(
  environmentFor: EnvironmentFor,
  { gitLogin, unattended }: Pick<RunRequest, "gitLogin" | "unattended">,
  folder: string,
): EnvironmentFor {
  let isSshInSettings: boolean | null = null; // asked once: it starts a program
  const quiet = (variables: Variables): Variables => {
    if (unattended !== true) return {};
    if (namesSsh(variables) || (isSshInSettings ??= settingsNameSsh(variables, folder))) return { ...ASKS_NOBODY };
    return { ...ASKS_NOBODY, GIT_SSH_COMMAND: "ssh -oBatchMode=yes" };
  };
  return (wishes) => {
    const variables = environmentFor(wishes);
    return { ...quiet(variables), ...variables, ...(gitLogin === undefined ? {} : helperAfter(variables, gitLogin)) };
  };
}

const ASKS_NOBODY = { GIT_TERMINAL_PROMPT: "0" } as const;

/** One more setting of git, behind those that its variables hold already. */
function helperAfter(variables: Variables, { origin, file }: NonNullable<RunRequest["gitLogin"]>): Variables {
  const count = Number(variables["GIT_CONFIG_COUNT"] || "0");
  if (!Number.isInteger(count) || count < 0) return {}; // git refuses that by itself
  return {
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: `credential.${origin}.helper`,
    [`GIT_CONFIG_VALUE_${count}`]: `!f() { test "$1" = get && cat ${quoted(file)}; }; f`,
  };
}

const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;

/** What git says that was not let ask, and what a person is told. */
const REFUSED: readonly { pattern: RegExp; text(place: string): string }[] = [
  {
    pattern: /could not read (?:Username|Password) for '([^']{1,300})': terminal prompts disabled/,
    text: (place) =>
      `git wants a login for ${place}, and asks nobody in a run that goes on by itself: ` +
      "run it again where you can answer, or give git a login on this machine",
  },
  {
    pattern: /([^\s:]{1,300}): Permission denied \([a-z,-]{1,80}\)\.[\r\n]+fatal: Could not read from remote/,
    text: (place) =>
      `git wants a login for ${place}, and its ssh asks nobody in a run that goes on by itself: ` +
      "run it again where you can answer, or give ssh a key on this machine that needs no answer",
  },
  {
    pattern: /(Host key) verification failed\.[\r\n]+fatal: Could not read from remote/,
    text: () =>
      "ssh does not know the machine of a repository, or not with this key, and asks nobody in a run that goes on by " +
      "itself: connect to it once with ssh in a terminal and accept its key",
  },
];
const LONGEST = 700;

/** Listens to a terminal for a git that was not let ask: no script fails by that alone. */
export const noteUnasked =
  (warn: (message: string) => void): ((shell: string) => (bytes: Buffer) => void) =>
  () => {
    const decoder = new StringDecoder("utf8");
    let heard = "";
    return (bytes) => {
      heard += decoder.write(bytes);
      for (const { pattern, text } of REFUSED) {
        const seen = pattern.exec(heard);
        if (seen === null) continue;
        warn(text(seen[1] ?? ""));
        heard = "";
      }
      heard = heard.slice(-LONGEST);
    };
  };
