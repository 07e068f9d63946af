const LAUNCHERS: ReadonlySet<string> = new Set(["pinokio.js", "pinokio.json", "pinokio"]);

/** Whether one of these names, of what lies in a folder, makes it an app. The launcher may lie in a folder `pinokio`. */
export const holdsLauncher = (names: readonly string[]): boolean => names.some((name) => LAUNCHERS.has(name));

/** A path of the Jupyter server as one of its machine. */
export function pathOnMachine(serverRoot: string, path: string): string {
  const root = serverRoot.replace(/\/+$/, "");
  const below = path.replace(/^\/+|\/+$/g, "");
  return below === "" ? root || "/" : `${root}/${below}`;
}

interface Entry {
  name: string;
  type: string;
  last_modified: string;
}

/** Which folders that file browsers show hold a launcher. */
export class LauncherFolders {
  readonly #ask: (folder: string) => Promise<readonly string[]>;
  /** By the folder that is shown: how it was when it was asked for, and what is known of it. */
  readonly #shown = new Map<string, { entries: string; found: ReadonlySet<string> | null }>();

  constructor(ask: (folder: string) => Promise<readonly string[]>) {
    this.#ask = ask;
  }

  /** Called with what is shown as often as that is read anew; asks where something has changed. */
  look(folder: string, entries: readonly Entry[]): void {
    const folders = entries.filter(({ type }) => type === "directory");
    const now = JSON.stringify(folders.map(({ name, last_modified }) => [name, last_modified]));
    if (this.#shown.get(folder)?.entries === now) return;
    const known: { entries: string; found: ReadonlySet<string> | null } = { entries: now, found: null };
    this.#shown.set(folder, known);
    if (folders.length === 0) return;
    this.#ask(folder).then(
      (names) => (known.found = new Set(names)),
      () => undefined, // Then it shows when it is asked for.
    );
  }

  /** False where it is known that it holds none. */
  mayHold(path: string): boolean {
    const end = path.lastIndexOf("/");
    const found = this.#shown.get(path.slice(0, Math.max(end, 0)))?.found ?? null;
    return found === null || found.has(path.slice(end + 1));
  }
}
