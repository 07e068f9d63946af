import { readdirSync, statSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { nearNames } from "../base/near-names.js";
import { PinokioError } from "../protocol/errors.js";
import { AppId } from "../protocol/ids.js";

/** Which script is meant. */
export interface ScriptLocation {
  file: string;
  /** Below `<home>/api` where it lies there, else the absolute path. */
  script: string;
  appId: AppId | null;
  /** Arguments that come with a menu item, or null. */
  params: Record<string, string> | null;
}

/** The file a client means: an absolute path, or one below `api`. It need not exist. */
export const scriptFileOf = (text: string, api: string): string => (isAbsolute(text) ? join(text) : join(api, text));

export function locationOf(file: string, api: string): ScriptLocation {
  const below = relative(api, file);
  const inside = below !== "" && below !== ".." && !below.startsWith("../");
  const [folder = ""] = below.split("/");
  return {
    file,
    script: inside ? below : file,
    appId: inside ? (AppId.safeParse(folder).data ?? null) : null,
    params: null,
  };
}

/** As `locationOf`, where a bare app folder stands for the default item of its menu. The script must exist. */
export async function locateScript(
  text: string,
  api: string,
  defaultScript: (id: AppId) => Promise<{ path: string; params: Record<string, string> }>,
): Promise<ScriptLocation> {
  const location = locationOf(scriptFileOf(text, api), api);
  const kind = kindOf(location.file);
  if (kind === "file") return location;
  if (kind === "folder" && location.appId !== null && location.script === location.appId) {
    const { path, params } = await defaultScript(location.appId);
    return { ...locationOf(path, api), params };
  }
  const { appId } = location;
  const namesApp = appId !== null && (location.script !== appId || !SCRIPT.test(appId));
  if (namesApp && kindOf(join(api, appId)) === "none") throw notInstalled(appId, api);
  throw new PinokioError("script-missing", `There is no script ${location.file}`, {
    hint:
      kind === "folder" ? "That is a folder; name a script in it" : "Check the name; paths are taken from <home>/api",
  });
}

const SCRIPT = /\.(?:js|json)$/;

function notInstalled(name: AppId, api: string): PinokioError {
  const installed = foldersIn(api);
  const near = nearNames(name, installed);
  return new PinokioError("app-missing", `No app is called ${name}`, {
    hint:
      near.length > 0
        ? `Near to it: ${near.join(", ")}`
        : installed.length > 0
          ? `Installed: ${installed.join(", ")}`
          : "Install it first: nothing is installed",
  });
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => !entry.isFile() && AppId.safeParse(entry.name).success).map(({ name }) => name);
  } catch {
    return [];
  }
}

function kindOf(path: string): "file" | "folder" | "none" {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch {
    return "none";
  }
}
