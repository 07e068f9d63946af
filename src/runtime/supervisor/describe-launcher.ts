import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { namesIn } from "../base/names-in.js";
import { toWireError } from "../protocol/errors.js";
import type { LauncherDescription } from "../protocol/launcher.js";
import { boundedDescription, nonsense } from "./launcher-answer.js";
import type { LauncherAnswer, LauncherRequest } from "./launcher-host-process.js";

/** Asks about one app behind the fence: the process that was asked before, or `anew` one that has loaded none of it. */
export type AskFenced = (request: LauncherRequest, how?: { anew?: boolean }) => Promise<LauncherAnswer>;

type Script = LauncherDescription["scripts"][number];

const NOT_TOLD = "Its code does not say what it runs";

/**
 * What an app would run. Code can lie about what stands beside it, but not to a process that has not loaded it: what
 * needs no code is described first, in a fresh process, and `offered` is asked for, and code loaded, only afterwards.
 */
export async function describeLauncher(
  ask: AskFenced,
  appDir: string,
  offered: () => Promise<readonly string[]>,
): Promise<LauncherDescription> {
  const describe = async (
    scripts: readonly string[],
    how: { codeProblem?: string; anew?: boolean } = {},
  ): Promise<LauncherDescription> => {
    const { codeProblem, anew = false } = how;
    const answer = await ask({ kind: "describe", appDir, scripts: [...scripts], codeProblem }, { anew });
    if (answer.kind !== "describe") throw nonsense(basename(appDir));
    return boundedDescription(appDir, answer.value);
  };

  const first = await describe([], { codeProblem: NOT_TOLD, anew: true });
  const scripts = await offered();
  const needsCode = hasCode(appDir) || first.scripts.some(isCode) || scripts.some((path) => isCode({ path }));
  const told = needsCode ? await describe(scripts).catch(asProblem) : first;
  if (typeof told === "string") return describe(scripts, { codeProblem: told, anew: true });
  const known = new Set(first.scripts.map(({ path }) => path));
  const more = [...scripts, ...told.scripts.map(({ path }) => path)].filter(
    (path) => !isCode({ path }) && !known.has(path) && existsSync(join(appDir, path)),
  );
  const written = more.length === 0 ? first : await describe(more, { codeProblem: NOT_TOLD, anew: true });
  return asWritten(told, written);
}

/** Its code ended, blocked or confused the process that looked at it: that is said, and the rest read without it. */
const asProblem = (error: unknown): string => toWireError(error).message;

const hasCode = (appDir: string): boolean =>
  [appDir, join(appDir, "pinokio")].some((folder) => namesIn(folder).some((name) => /\.[cm]?js$/i.test(name)));

const isCode = ({ path }: Pick<Script, "path">): boolean => !/\.json$/i.test(path);

/** What code told of itself, with every script that needs no code as it is written. */
function asWritten(told: LauncherDescription, written: LauncherDescription): LauncherDescription {
  const plain = written.scripts.filter((script) => !isCode(script));
  const firstPlain = told.scripts.findIndex((script) => !isCode(script));
  const code = told.scripts.filter(isCode);
  // In the order in which they were told, as far as that can be kept.
  const before = firstPlain < 0 ? code.length : told.scripts.slice(0, firstPlain).length;
  return { ...told, scripts: [...code.slice(0, before), ...plain, ...code.slice(before)] };
}
