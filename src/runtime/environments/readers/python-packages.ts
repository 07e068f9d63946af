import { join } from "node:path";
import type { InstalledPackage } from "../../protocol/environments.js";
import { namesIn } from "../../base/names-in.js";
import { isLink, jsonOf, startOf, textIn, textOf } from "./files.js";

/** A package of Python by the folder that describes it. */
export interface PythonPackage {
  name: string;
  version: string | null;
  /** The folder or file with its description. */
  path: string;
}

/** Where an environment keeps its packages: one folder, or two where `lib64` is not a link. */
export function sitePackagesOf(environment: string): string[] {
  const libs = ["lib", "lib64"].filter((lib) => !isLink(join(environment, lib))); // the second is often the first
  const found = libs.flatMap((lib) =>
    namesIn(join(environment, lib))
      .filter((name) => /^(?:python|pypy)3/.test(name))
      .map((name) => join(environment, lib, name, "site-packages")),
  );
  return found.filter((folder) => namesIn(folder).length > 0);
}

/** Packages by the names of the folders that describe them: one look, however many there are. */
export function pythonPackagesIn(folders: readonly string[]): PythonPackage[] {
  const found = new Map<string, PythonPackage>();
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      const [, project, version] = DESCRIPTION.exec(name) ?? [];
      if (project === undefined) continue;
      found.set(normalName(project), { name: project, version: version ?? null, path: join(folder, name) });
    }
  }
  return [...found.values()];
}

const DESCRIPTION = /^([A-Za-z0-9][\w.]*?)(?:-([^-]+))?(?:-py3[\d.]*)?\.(?:dist|egg)-info$/;

/** The name by which a package is one and the same, however it is written. */
export const normalName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-");

/** What pip leaves where it was ended in the middle: the first letter of a folder is a tilde. */
export const interruptedIn = (folders: readonly string[]): string[] =>
  folders.flatMap((folder) => namesIn(folder).filter((name) => /^~.+\.dist-info$/.test(name)));

/** Descriptions without their text: their package was not wholly put there. */
export const withoutMetadata = (packages: readonly PythonPackage[]): PythonPackage[] =>
  packages.filter(({ path }) => path.endsWith(".dist-info") && startOf(join(path, "METADATA"), 1) === null);

/** As its author calls it, with its size and where it comes from. */
export function describePackage({ name, version, path }: PythonPackage): InstalledPackage {
  const head = startOf(join(path, "METADATA"), HEAD_BYTES) ?? startOf(join(path, "PKG-INFO"), HEAD_BYTES) ?? "";
  const field = (wanted: string): string | undefined => new RegExp(`^${wanted}:[ \\t]*(.+?)\\s*$`, "m").exec(head)?.[1];
  return {
    name: field("Name") ?? name,
    version: field("Version") ?? version,
    bytes: recordedBytes(path),
    from: originOf(path),
  };
}

/** Name and version stand at the very beginning. */
const HEAD_BYTES = 2_048;

/** By its own list of files, which saves looking at each of them. */
function recordedBytes(path: string): number | null {
  const text = textOf(join(path, "RECORD"));
  if (text === null) return null;
  let bytes = 0;
  for (const line of text.split("\n")) bytes += Number(/,(\d+)\s*$/.exec(line)?.[1] ?? 0);
  return bytes;
}

function originOf(path: string): string | null {
  const origin = jsonOf(join(path, "direct_url.json"));
  const url = textIn(origin?.["url"]);
  if (origin === null || url === null) return null;
  const commit = textIn((origin["vcs_info"] as Record<string, unknown> | undefined)?.["commit_id"]);
  const isEditable = (origin["dir_info"] as Record<string, unknown> | undefined)?.["editable"] === true;
  const plain = url.replace(/^file:\/\//, "").replace(/\/\/[^/@]*@/, "//"); // a token may stand in front of the host
  return `${plain}${commit === null ? "" : ` at ${commit.slice(0, 10)}`}${isEditable ? " (editable)" : ""}`;
}

export const installerOf = (path: string): string => (startOf(join(path, "INSTALLER"), 40) ?? "").trim();
