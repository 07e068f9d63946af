import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
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

/** What files below a folder hold; of a link, where it leads. */
export function contentsOf(folder: string): Map<string, string> {
  const contentOf = (path: string): string =>
    lstatSync(path).isSymbolicLink() ? `→ ${readlinkSync(path)}` : readFileSync(path, "utf8");
  return new Map([...filesBelow(folder)].map((path) => [path.slice(folder.length + 1), contentOf(path)]));
}

/** What of an app is not as it was before an update that was taken back. Others may have been added. */
export function differences(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  return [...before]
    .filter(([path, content]) => now.get(path) !== content)
    .map(
      ([path, content]) => `${path} holds ${JSON.stringify(now.get(path) ?? null)} and held ${JSON.stringify(content)}`,
    );
}

/** Texts of a person that would be lost with the trash, since an update has put them there. */
export function onlyInUpdates(home: string): string[] {
  const isOfUpdate = (path: string): boolean => {
    const [room, entry] = path.slice(home.length + 1).split("/");
    if (room !== "trash" || entry === undefined) return false;
    const file = join(home, room, entry, "trash.json");
    return existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { why: string }).why === "update";
  };
  return [...textsIn(home)].filter(([, paths]) => paths.every(isOfUpdate)).map(([mark]) => mark);
}

/** What is wrong with a home, in sentences. Nothing may be under way in it. */
export function problemsIn(home: string, expected: Iterable<string>): string[] {
  const problems: string[] = [];
  const texts = textsIn(home);
  for (const mark of expected) if (!texts.has(mark)) problems.push(`${mark} is lost`);
  for (const path of stateFiles(home)) if (!isJson(path)) problems.push(`${path} is half written`);
  const api = join(home, "api");
  const folders = namesIn(api).filter((name) => name !== FETCHED);
  for (const name of folders.filter((one) => one.startsWith("."))) problems.push(`api/${name} was left`);
  const apps = folders.filter((one) => !one.startsWith("."));
  const states = appStates(home);
  const records = Object.keys(states);
  for (const app of apps) {
    if (!records.includes(app)) problems.push(`${app} is on the disk and not in the library`);
    if (!existsSync(join(api, app, ".git/HEAD"))) problems.push(`${app} has lost its repository`);
    if (existsSync(join(api, app, ".git/index.lock"))) problems.push(`${app} is locked`);
    if (!existsSync(join(api, app, "pinokio.js"))) problems.push(`${app} has lost its launcher`);
  }
  for (const app of records) if (!apps.includes(app)) problems.push(`${app} is in the library and not on the disk`);
  for (const app of records) if (states[app] === "installing") problems.push(`${app} waits for nobody`);
  for (const name of namesIn(join(api, FETCHED))) {
    const place = join(api, FETCHED, name);
    const isWhole = existsSync(join(place, "repository/.git/HEAD"));
    const isTold = existsSync(join(place, "fetched.json")) && existsSync(join(place, "repository"));
    if (isTold && !isWhole) problems.push(`${FETCHED}/${name} is half a repository`);
  }
  for (const name of namesIn(join(home, "library/changes")))
    if (name.endsWith(".json")) problems.push(`${name} is open`);
  for (const path of filesBelow(home)) if (path.endsWith(".arriving")) problems.push(`${path} was left`);
  for (const name of namesIn(join(home, "trash"))) {
    if (existsSync(join(home, "trash", name, "own"))) problems.push(`trash/${name}/own was left`);
    for (const part of ["later", "aside"])
      if (existsSync(join(home, "trash", name, part))) problems.push(`trash/${name}/${part} was left`);
  }
  return problems;
}

const FETCHED = ".fetched";

/** Environments outside of apps that others than this app, which are there, work with. */
export function neededByOthers(home: string, app: string): string[] {
  const file = join(home, "system/environment-users.json");
  const users = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string[]>) : {};
  const isThere = (other: string): boolean => other !== app && existsSync(join(home, "api", other));
  return Object.keys(users).filter((id) => existsSync(join(home, id)) && users[id]?.some(isThere) === true);
}

function* stateFiles(home: string): Generator<string> {
  for (const name of namesIn(join(home, "api", FETCHED))) {
    const file = join(home, "api", FETCHED, name, "fetched.json");
    if (existsSync(file)) yield file;
  }
  for (const folder of ["library", "library/changes", "system"]) {
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

/** By an app's name, what the library says of it. */
export function appStates(home: string): Record<string, string> {
  const file = join(home, "library/installed.json");
  if (!existsSync(file)) return {};
  const { apps } = JSON.parse(readFileSync(file, "utf8")) as { apps: Record<string, { state: string }> };
  return Object.fromEntries(Object.entries(apps).map(([app, { state }]) => [app, state]));
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
