import type { Stats } from "node:fs";
import type { AppId } from "../../protocol/ids.js";
import { ownDataOf, type OwnDataWorld } from "../changes/own-data.js";

/** Whose something is: a person's, the app's, or a folder with both in it. */
type Owner = "own" | "mixed" | "app";

/** Which places of an app are a person's. */
export class OwnPlaces {
  readonly #places: ReadonlySet<string>;
  /** Folders with such a place somewhere in them. */
  readonly #above = new Set<string>();

  readonly #lookedAt: number;

  constructor(places: readonly string[], lookedAt: number) {
    this.#lookedAt = lookedAt;
    // What of git itself is nowhere else is kept with the app; it is no file that a person looks for.
    this.#places = new Set(places.filter((place) => !place.split("/").includes(".git")));
    for (const place of this.#places) for (const above of foldersOf(place)) this.#above.add(above);
  }

  ownerOf(place: string): Owner {
    if (this.#places.has("") || [place, ...foldersOf(place)].some((above) => this.#places.has(above))) return "own";
    return this.#above.has(place) ? "mixed" : "app";
  }

  /** Whether something was made after this was looked for. */
  isOlderThan(found: Stats): boolean {
    // A folder changes with whatever comes into it, and is no other for that.
    return (found.isDirectory() ? found.birthtimeMs : found.ctimeMs) > this.#lookedAt;
  }

  /** Places in a folder that are a person's. */
  below(folder: string): string[] {
    return [...this.#places].filter((place) => place.startsWith(`${folder}/`));
  }
}

/** From the nearest to the farthest, without the app's own. */
function foldersOf(place: string): string[] {
  const folders: string[] = [];
  for (let at = place.lastIndexOf("/"); at > 0; at = place.lastIndexOf("/", at - 1)) folders.push(place.slice(0, at));
  return folders;
}

/** Going from folder to folder must not look through the whole app each time. */
const KEPT_MS = 5_000;
const MOST_APPS = 4;

interface Known {
  places: Promise<OwnPlaces>;
  /** On the clock of `performance`. */
  until: number;
}

/** Asks which places are a person's, and remembers it for a moment. */
export class OwnPlacesCache {
  readonly #world: OwnDataWorld;
  readonly #known = new Map<AppId, Known>();

  constructor(world: OwnDataWorld) {
    this.#world = world;
  }

  of(app: AppId): Promise<OwnPlaces> {
    const known = this.#known.get(app);
    if (known !== undefined && performance.now() < known.until) return known.places;
    const looked: Known = { places: this.#look(app), until: Infinity };
    this.#known.delete(app);
    this.#known.set(app, looked);
    for (const old of [...this.#known.keys()].slice(0, -MOST_APPS)) this.#known.delete(old);
    looked.places.then(
      () => (looked.until = performance.now() + KEPT_MS),
      () => (looked.until = -Infinity), // the next one asks again
    );
    return looked.places;
  }

  forget(app: AppId): void {
    this.#known.delete(app);
  }

  async #look(app: AppId): Promise<OwnPlaces> {
    const lookedAt = Date.now();
    return new OwnPlaces(await ownDataOf(app, this.#world, undefined, { commitsStay: true }), lookedAt);
  }
}
