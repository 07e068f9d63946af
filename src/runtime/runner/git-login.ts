import type { Buffer } from "node:buffer";
import { StringDecoder } from "node:string_decoder";
import type { Variables } from "../environments/shell-environment.js";
import type { RunRequest } from "../protocol/channel.js";
import type { EnvironmentWishes } from "./world.js";

type EnvironmentFor = (wishes?: EnvironmentWishes) => Variables;

/**
 * What programs of a run see so that git is let in where their app came from. The login itself lies in a file: no
 * variable holds it. Helpers of the machine's own settings are asked before. Where nobody is there git asks nobody, for
 * that would keep the run waiting for ever.
 */
export const withGitLogin =
  (
    environmentFor: EnvironmentFor,
    { gitLogin, unattended }: Pick<RunRequest, "gitLogin" | "unattended">,
  ): EnvironmentFor =>
  (wishes) => {
    const variables = environmentFor(wishes);
    const quiet = unattended === true ? { GIT_TERMINAL_PROMPT: "0" } : {};
    return { ...quiet, ...variables, ...(gitLogin === undefined ? {} : helperAfter(variables, gitLogin)) };
  };

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

const REFUSED = /could not read (?:Username|Password) for '([^']{1,300})': terminal prompts disabled/;
const LONGEST = 500;

/** Listens to a terminal for a git that was not let ask: no script fails by that alone. */
export const noteUnasked =
  (warn: (message: string) => void): ((shell: string) => (bytes: Buffer) => void) =>
  () => {
    const decoder = new StringDecoder("utf8");
    let heard = "";
    return (bytes) => {
      heard += decoder.write(bytes);
      const [, address] = REFUSED.exec(heard) ?? [];
      if (address !== undefined) warn(unaskedText(address));
      heard = address === undefined ? heard.slice(-LONGEST) : "";
    };
  };

const unaskedText = (address: string): string =>
  `git wants a login for ${address}, and asks nobody in a run that goes on by itself: ` +
  "run it again where you can answer, or give git a login on this machine";
