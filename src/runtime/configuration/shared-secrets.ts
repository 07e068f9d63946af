import { join } from "node:path";
import { namesIn } from "../base/names-in.js";
import { readSecrets, secretPaths } from "../base/secret-store.js";
import { readTextFile } from "./text-file.js";

/** Fetching a model asks for it without a word in any script. */
const FOR_ALL = new Set(["HF_TOKEN"]);
const MOST_FILES = 60;

/** Which of the home's secrets an app asks for: by name, in its variables or in the text of its scripts. */
export function sharedSecretsFor(home: string, app: string): string[] {
  const names = namesOf(home);
  if (names.length === 0) return [];
  const text = textsOf(join(home, "api", app)).join("\n");
  return names.filter((name) => FOR_ALL.has(name) || new RegExp(`\\b${name}\\b`).test(text));
}

function namesOf(home: string): string[] {
  try {
    return Object.keys(readSecrets(secretPaths.shared(home)));
  } catch {
    return []; // whoever changes them hears why
  }
}

function textsOf(app: string): string[] {
  return ["", "pinokio"].flatMap((folder) =>
    namesIn(join(app, folder))
      .filter((name) => /\.(?:js|json)$|^_?ENVIRONMENT$/.test(name))
      .slice(0, MOST_FILES)
      .map((name) => textOf(app, join(folder, name))),
  );
}

function textOf(app: string, file: string): string {
  try {
    return readTextFile(app, join(app, file), file)?.text ?? "";
  } catch {
    return "";
  }
}
