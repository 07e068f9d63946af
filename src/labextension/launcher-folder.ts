const LAUNCHERS: ReadonlySet<string> = new Set(["pinokio.js", "pinokio.json", "pinokio"]);

/** Whether one of these names, of what lies in a folder, makes it an app. The launcher may lie in a folder `pinokio`. */
export const holdsLauncher = (names: readonly string[]): boolean => names.some((name) => LAUNCHERS.has(name));

/** A path of the Jupyter server as one of its machine. */
export function pathOnMachine(serverRoot: string, path: string): string {
  const root = serverRoot.replace(/\/+$/, "");
  const below = path.replace(/^\/+|\/+$/g, "");
  return below === "" ? root || "/" : `${root}/${below}`;
}
