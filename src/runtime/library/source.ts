import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { PinokioError } from "../protocol/errors.js";
import { type AppId, appIdOf } from "../protocol/ids.js";

/** Where an app comes from, decided: a folder of this machine. */
export interface AppSource {
  folder: string;
  /** The folder it is installed in when nobody chose another. */
  name: AppId;
}

const LAUNCHERS = ["pinokio.js", "pinokio.json", "pinokio/pinokio.js", "pinokio/pinokio.json"];

/** Turns what a person typed into a source, or says why it is none. */
export function resolveSource(text: string, userHome: string): AppSource {
  if (/^[a-z+]+:\/\/|^git@/i.test(text)) {
    throw new PinokioError(
      "source-unsupported",
      `${text} is an address; only folders of this machine can be installed yet`,
      {
        hint: "Clone it yourself, then install the folder",
      },
    );
  }
  const folder = resolve(text.startsWith("~/") ? join(userHome, text.slice(2)) : text);
  if (!isFolder(folder)) {
    throw new PinokioError("app-invalid", `${folder} is not a folder of this machine`, {
      hint: "Give the path of a folder that holds a pinokio.js",
    });
  }
  if (!LAUNCHERS.some((launcher) => existsSync(join(folder, launcher)))) {
    throw new PinokioError("app-invalid", `${folder} holds no Pinokio launcher`, {
      hint: `A launcher is one of ${LAUNCHERS.join(", ")}`,
    });
  }
  return { folder, name: appIdOf(basename(folder)) };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
