import { existsSync, lstatSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { writeJsonAtomic } from "../base/atomic-file.js";
import { holdsFiles } from "../base/holds-files.js";
import { namesIn } from "../base/names-in.js";
import { AppId } from "../protocol/ids.js";

/** `kept.json` beside `files`, which hold a person's files by their places in the app's folder. */
const KeptRecord = z.object({
  at: z.string(),
  app: AppId,
  title: z.string(),
  /** They belong back in the app once its install script has run. */
  afterInstall: z.boolean(),
  /** The entry of the trash that they were taken out of. */
  entry: z.string().optional(),
});
export type KeptRecord = z.infer<typeof KeptRecord>;

/** Files of a person that an app has left behind: `<home>/kept/<name>`. Nothing but a person empties it. */
export interface Kept extends KeptRecord {
  name: string;
  folder: string;
  files: string;
}

export const keptFolder = (home: string): string => join(home, "kept");
const RECORD = "kept.json";

/** A name that nothing is kept by yet: the app's, or that with a number. */
export function freeKeptName(home: string, app: AppId): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? app : `${app} ${number}`;
    if (lstatSync(join(keptFolder(home), name), { throwIfNoEntry: false }) === undefined) return name;
  }
}

export const keptPlace = (home: string, name: string): { folder: string; files: string } => {
  const folder = join(keptFolder(home), name);
  return { folder, files: join(folder, "files") };
};

export const writeKept = (home: string, name: string, record: KeptRecord): void =>
  writeJsonAtomic(join(keptPlace(home, name).folder, RECORD), record);

/** What is kept, the oldest first. */
export function keptIn(home: string): Kept[] {
  return namesIn(keptFolder(home))
    .flatMap((name) => {
      const place = keptPlace(home, name);
      const record = recordOf(place.folder);
      return record === null || !existsSync(place.files) ? [] : [{ ...record, ...place, name }];
    })
    .sort((one, other) => (one.at < other.at ? -1 : 1));
}

/** Takes away what is left of one when its files are gone. */
export function dropEmptyKept(home: string, name: string): void {
  const { folder, files } = keptPlace(home, name);
  if (!holdsFiles(files)) rmSync(folder, { recursive: true, force: true });
}

function recordOf(folder: string): KeptRecord | null {
  try {
    return KeptRecord.parse(JSON.parse(readFileSync(join(folder, RECORD), "utf8")));
  } catch {
    return null;
  }
}
