import { existsSync } from "node:fs";
import { join } from "node:path";
import type { App, Installer, MenuItem } from "../protocol/apps.js";
import { PinokioError } from "../protocol/errors.js";
import type { LauncherMenu } from "../protocol/launcher.js";
import { isLive, type Run } from "../protocol/runs.js";
import { plainWords } from "../protocol/told.js";
import { itemHref } from "./default-item.js";
import type { InstalledApp } from "./installed-store.js";

const USUAL_NAMES = ["install.js", "install.json"];
const SCRIPT = /\.js(?:on)?$/i;
const INSTALLS = /(?<!(?:re|un|[\p{L}\d])[- ]?)install(?!ed|ing)/iu;
const UNDOES = /\b(?:re|un)[- ]?install/i;

/**
 * The ways to install an app: what its menu, as it is while nothing is installed, calls an install. Where a menu names
 * no script at all, the script of the usual name.
 */
export function installersOf(folder: string, menu: readonly MenuItem[] | null): Installer[] {
  const offered = scriptsIn(menu ?? []);
  if (offered.length === 0) return usualInstaller(folder);
  const found = offered.filter(({ text, script }) => isInstall(text, script));
  return found.filter((one, index) => found.findIndex((other) => isSame(one, other)) === index);
}

/** Scripts of the app that a menu leads to, on every level. */
export const scriptsIn = (menu: readonly MenuItem[]): Installer[] =>
  menu.flatMap((item) => {
    const href = itemHref(item);
    const below = scriptsIn(item.menu ?? []);
    if (href === null || !SCRIPT.test(href.path)) return below;
    const params = { ...href.query, ...textParams(item.params) };
    const text = plainWords(item.text ?? "").replace(/\s+/g, " ") || href.path;
    return [{ text, script: href.path, params, default: item.default === true }, ...below];
  });

/** Which one is run when the app is installed: null when there is none to run, or a person has to choose. */
export function chosenInstaller(installers: readonly Installer[], wanted?: string): Installer | null {
  if (wanted !== undefined) {
    const found = installers.find(({ script }) => script === wanted);
    if (found !== undefined) return found;
    throw new PinokioError("script-missing", `The app has no install script ${wanted}`, {
      hint: `Install scripts: ${installers.map(({ script }) => script).join(", ") || "none"}`,
    });
  }
  const [only] = installers;
  if (only !== undefined && installers.length === 1) return only;
  return installers.find((installer) => installer.default) ?? null;
}

/** Whether a run installs the app. */
export function isInstallRun({ script, appId }: Run, { installers }: Pick<InstalledApp, "installers">): boolean {
  const paths =
    installers.length > 0
      ? installers.map((installer) => installer.script)
      : USUAL_NAMES.flatMap((name) => [name, `pinokio/${name}`]);
  return paths.some((path) => script === `${appId}/${path}`);
}

/** An install that runs counts until the app is there; after that only how one ends. */
export function stateAfter(run: Run, before: App["state"]): App["state"] {
  if (isLive(run)) return before === "choose" || before === "install-failed" ? "installing" : before;
  return run.end?.outcome === "finished" ? "installed" : "install-failed";
}

/**
 * The menu of an app that a person has agreed to: behind the fence, as it was shown, unless that is too narrow for it.
 * Throws what its launcher threw.
 */
export async function menuToInstallBy(evaluate: (fenced: boolean) => Promise<LauncherMenu>): Promise<MenuItem[]> {
  const { menu } = await evaluate(true).catch(() => evaluate(false));
  return menu;
}

/** Menu arguments arrive as text, as they do from a page's address. */
export const textParams = (params: Record<string, unknown> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(params ?? {}).map(([key, value]) => [key, String(value)]));

/** What a caption says counts more than the name of the file. */
function isInstall(text: string, script: string): boolean {
  if (UNDOES.test(text)) return false;
  return INSTALLS.test(text) || (INSTALLS.test(script) && !UNDOES.test(script));
}

function usualInstaller(folder: string): Installer[] {
  const paths = ["pinokio", ""].flatMap((root) => USUAL_NAMES.map((name) => join(root, name)));
  const script = paths.find((path) => existsSync(join(folder, path)));
  return script === undefined ? [] : [{ text: "Install", script, params: {}, default: false }];
}

const isSame = (one: Installer, other: Installer): boolean =>
  one.script === other.script && JSON.stringify(one.params) === JSON.stringify(other.params);
