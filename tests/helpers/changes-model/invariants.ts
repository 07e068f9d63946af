import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every file below a folder, without what git keeps to itself. */
export function* filesBelow(folder: string): Generator<string> {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== ".git") yield* filesBelow(path);
    } else yield path;
  }
}

/** What files of a home hold, by what a person has written: their texts begin with a mark. */
export function textsIn(home: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const path of filesBelow(home)) {
    if (!lstatSync(path).isFile()) continue;
    const text = readFileSync(path, "utf8");
    for (const [mark] of text.matchAll(/mine-\d+/g)) found.set(mark, [...(found.get(mark) ?? []), path]);
  }
  return found;
}

/** What is wrong with a home, in sentences. Nothing may be under way in it. */
export function problemsIn(home: string, expected: Iterable<string>): string[] {
  const problems: string[] = [];
  const texts = textsIn(home);
  for (const mark of expected) if (!texts.has(mark)) problems.push(`${mark} is lost`);
  for (const path of stateFiles(home)) if (!isJson(path)) problems.push(`${path} is half written`);
  const api = join(home, "api");
  const folders = namesIn(api);
  for (const name of folders.filter((one) => one.startsWith("."))) problems.push(`api/${name} was left`);
  const apps = folders.filter((one) => !one.startsWith("."));
  const records = recordsIn(home);
  for (const app of apps) {
    if (!records.includes(app)) problems.push(`${app} is on the disk and not in the library`);
    if (!existsSync(join(api, app, ".git/HEAD"))) problems.push(`${app} has lost its repository`);
    if (existsSync(join(api, app, ".git/index.lock"))) problems.push(`${app} is locked`);
    if (!existsSync(join(api, app, "pinokio.js"))) problems.push(`${app} has lost its launcher`);
  }
  for (const app of records) if (!apps.includes(app)) problems.push(`${app} is in the library and not on the disk`);
  for (const name of namesIn(join(home, "library/changes")))
    if (name.endsWith(".json")) problems.push(`${name} is open`);
  for (const path of filesBelow(home)) if (path.endsWith(".arriving")) problems.push(`${path} was left`);
  for (const name of namesIn(join(home, "trash"))) {
    if (existsSync(join(home, "trash", name, "own"))) problems.push(`trash/${name}/own was left`);
    if (existsSync(join(home, "trash", name, "later"))) problems.push(`trash/${name}/later was left`);
  }
  return problems;
}

function* stateFiles(home: string): Generator<string> {
  for (const folder of ["library", "library/changes"]) {
    for (const name of namesIn(join(home, folder))) if (/^[^.].*\.json$/.test(name)) yield join(home, folder, name);
  }
  if (existsSync(join(home, "settings.json"))) yield join(home, "settings.json");
  for (const [room, file] of [
    ["trash", "trash.json"],
    ["kept", "kept.json"],
  ] as const) {
    for (const name of namesIn(join(home, room))) {
      if (existsSync(join(home, room, name, file))) yield join(home, room, name, file);
    }
  }
}

function recordsIn(home: string): string[] {
  const file = join(home, "library/installed.json");
  if (!existsSync(file)) return [];
  return Object.keys((JSON.parse(readFileSync(file, "utf8")) as { apps: Record<string, unknown> }).apps);
}

function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, "utf8"));
    return true;
  } catch {
    return false;
  }
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
