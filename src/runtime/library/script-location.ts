import { readdirSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { appMissing } from "../base/app-missing.js";
import { namesIn } from "../base/names-in.js";
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
  if (namesApp && kindOf(join(api, appId)) === "none") throw appMissing(appId, { here: foldersIn(api), gone: [] });
  throw new PinokioError("script-missing", `There is no script ${location.file}`, {
    hint: kind === "folder" ? "That is a folder; name a script in it" : nearScripts(location.file),
  });
}

const SCRIPT = /\.(?:js|json)$/;

function nearScripts(file: string): string {
  const near = nearNames(
    basename(file),
    namesIn(dirname(file)).filter((name) => SCRIPT.test(name)),
  );
  return near.length > 0 ? `Near to it: ${near.join(", ")}` : "Check the name; paths are taken from <home>/api";
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
