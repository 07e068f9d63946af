import { type Dirent, existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { toWireError } from "../../protocol/errors.js";
import type { Plain, Written } from "../formats/format.js";
import { formatOf } from "../formats/index.js";
import { fileSource, TextSettings } from "../text-source.js";
import { MOST_BYTES, readTextFile } from "../text-file.js";
import type { AppPlace, Finder, Source, Value } from "./finder.js";

const MOST_FILES = 20;
const MOST_FOLDERS = 400;
const DEEPEST = 3;

/** What is called like settings, and is read by the app itself. */
const NAMES =
  /(?:^|[-_.])(?:config(?:uration)?|settings?|options|preferences|prefs|params|parameters|defaults)(?:[-_.][\w-]+)*\.(?:jsonc?|json5|ya?ml|toml)$/i;
const ENV_NAMES = /^\.env(?:\.local)?$/i;

/** Settings of tools, and of models. */
const NOT_SETTINGS =
  /^(?:package|package-lock|composer|tsconfig|jsconfig|pyproject|poetry|cargo|netlify|vercel|renovate|angular|nest-cli|components|manifest|pinokio|pinokio_meta)\b|^(?:\.|_config\.ya?ml$|mkdocs|codecov|docker-compose|compose\.ya?ml|environment\.ya?ml)|\.(?:schema|lock|test|spec)\.|(?:eslint|prettier|babel|jest|vite|webpack|rollup|tailwind|postcss|typedoc|lint|turbo|pre-commit|tokenizer|generation|preprocessor|processor|adapter|scheduler|special_tokens|added_tokens|model_index)[\w-]*\.(?:config|json|ya?ml)|(?:tokenizer|generation|preprocessor|processor|adapter|scheduler|feature_extractor|image_processor|quantization|quantize)_?config\.json$/i;

const NOT_IN =
  /^(?:node_modules|__pycache__|site-packages|env|envs|venv|\.venv|conda_env|models?|checkpoints?|weights|cache|logs?|outputs?|results?|tests?|docs?|examples?|samples?|templates?|assets|static|public|dist|build|locales?|i18n|custom_nodes|extensions|\..+)$/i;

/** Models come with a `config.json` that describes them; nobody sets anything there. */
const OF_A_MODEL = ["_class_name", "architectures", "model_type", "_diffusers_version", "transformers_version"];

/** JSON, YAML and TOML files of an app that are called like settings, and its `.env`. */
export const settingsFileFinder = (): Finder => ({
  find: async (app) => {
    const sources: Source[] = [];
    for (const file of filesIn(app.folder)) {
      if (sources.length >= MOST_FILES) break;
      const source = await sourceOf(app, file);
      if (source !== null) sources.push(source);
    }
    return sources;
  },
});

/** Nearest to the top first. */
function filesIn(app: string): string[] {
  const found: string[] = [];
  let folders = [""];
  let left = MOST_FOLDERS;
  for (let depth = 0; depth <= DEEPEST && folders.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of folders) {
      if (left-- <= 0) break;
      for (const entry of entriesOf(join(app, folder))) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!NOT_IN.test(entry.name) && !existsSync(join(app, path, "pyvenv.cfg"))) next.push(path);
        } else if (isNamedAsSettings(entry.name)) found.push(path);
      }
    }
    folders = next;
  }
  return found;
}

const isNamedAsSettings = (name: string): boolean =>
  ENV_NAMES.test(name) || (NAMES.test(name) && !NOT_SETTINGS.test(name) && !IS_SAMPLE.test(name));

const IS_SAMPLE = /[-_.](?:example|sample|template|dist)(?:[-_.]|$)|^(?:example|sample|template)[-_.]/i;

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

async function sourceOf(app: AppPlace, file: string): Promise<Source | null> {
  const format = formatOf(basename(file));
  if (format === null) return null;
  const text = textOf(app.folder, file);
  if (typeof text === "string" && (isOfModel(text) || isScript(text))) return null;
  const committed = await app.original(join(app.folder, file));
  const original = committed ?? sampleOf(app.folder, file);
  const settings = new TextSettings({ app: app.folder, file, format, original });
  const countsAsScript = format.name === "json" && typeof text === "string" && isScriptByComments(text);
  const notes = [
    ...(countsAsScript
      ? ["It holds comments, so it counts as one of the app's scripts: a change asks for your agreement anew"]
      : []),
    ...(committed === null ? [] : ["It came with the app: an update may bring another one"]),
  ];
  const about = (written: Written): Partial<Value> => aboutValue(app, file, written);
  return fileSource(settings, { id: file, file, notes, more: about }, format.name === "env");
}

function aboutValue(app: AppPlace, file: string, { path, comment }: Written): Partial<Value> {
  const asked = app.asked(file, path);
  if (asked === null) return {};
  const help = [comment, asked.description].filter((text) => text !== "").join("\n");
  const usual: Plain | undefined = asked.default ?? undefined;
  return {
    help,
    ...(asked.title === "" ? {} : { label: asked.title }),
    ...(usual === undefined ? {} : { default: usual }),
  };
}

/** The text, or why it cannot be read: such a file is shown with its problem. */
function textOf(app: string, file: string): string | Error {
  try {
    return readTextFile(app, join(app, file), file)?.text ?? "";
  } catch (error) {
    return new Error(toWireError(error).message);
  }
}

const isOfModel = (text: string): boolean => OF_A_MODEL.some((name) => text.includes(`"${name}"`));

const isScript = (text: string): boolean => /"run"\s*:\s*\[/.test(text) && /"method"\s*:/.test(text);

function isScriptByComments(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

/** The author's example beside it: `config.example.yaml`, `.env.example`. */
function sampleOf(app: string, file: string): string | null {
  const name = basename(file);
  const [stem = name, ending = ""] = name.startsWith(".env") ? [name, ""] : splitEnding(name);
  const words = ["example", "sample", "template", "default", "dist"];
  const candidates = words.flatMap((word) => [
    `${stem}.${word}${ending}`,
    `${stem}_${word}${ending}`,
    `${stem}-${word}${ending}`,
    `${name}.${word}`,
  ]);
  for (const candidate of new Set(candidates)) {
    const path = join(dirname(file), candidate);
    if (!existsSync(join(app, path))) continue;
    const text = textOf(app, path);
    if (typeof text === "string" && text.length <= MOST_BYTES) return text;
  }
  return null;
}

function splitEnding(name: string): [string, string] {
  const at = name.lastIndexOf(".");
  return [name.slice(0, at), name.slice(at)];
}
