import { join } from "node:path";
import type { AppId } from "../../protocol/ids.js";
import { keptPlace, writeKept } from "../kept.js";
import { moveWhole } from "./put-back.js";
import type { ChangesWorld } from "./world.js";

/** Moves a person's files out of an app's folder; called again, it goes on. */
export async function movePieces(from: string, to: string, places: readonly string[], home: string): Promise<void> {
  for (const place of places) {
    await moveWhole(join(from, place), join(to, place), home);
  }
}

export interface KeepOrder {
  app: AppId;
  title: string;
  /** What it is kept by below `<home>/kept`. */
  name: string;
  from: string;
  places: readonly string[];
  afterInstall: boolean;
  /** The entry of the trash that tells of them. */
  entry: string;
}

/** Keeps a person's files where nothing empties them by itself. */
export async function keepPieces({ home, now }: ChangesWorld, order: KeepOrder): Promise<void> {
  const { app, title, name, from, places, afterInstall, entry } = order;
  if (places.length === 0) return;
  writeKept(home, name, { at: now().toISOString(), app, title, afterInstall, entry });
  await movePieces(from, keptPlace(home, name).files, places, home);
}
