import { readlinkSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { namesIn } from "../../base/names-in.js";
import { changeOf, isThere, presenceOf, startOf, textOf } from "./files.js";
import {
  describePackage,
  interruptedIn,
  pythonPackagesIn,
  sitePackagesOf,
  withoutMetadata,
} from "./python-packages.js";
import type { EnvironmentReader } from "./reader.js";
import { toolsAmong } from "./tools.js";

/** What one is called when nothing in it tells yet. */
const USUAL_NAMES = /^\.?(?:v?env|venv-\w+)$/;

export const venvReader: EnvironmentReader = {
  kind: "venv",

  isOne: (folder, names) =>
    names.has("pyvenv.cfg") ||
    (names.has("bin") &&
      !names.has("conda-meta") &&
      (names.has("CACHEDIR.TAG") || isThere(join(folder, "bin", "activate")) || USUAL_NAMES.test(lastOf(folder))) &&
      (names.has("CACHEDIR.TAG") || names.has("lib"))),

  stamp: (folder) => {
    const files = [join(folder, "pyvenv.cfg"), join(folder, "bin"), ...sitePackagesOf(folder)];
    return [...files.map(changeOf), isThere(join(folder, "bin", "python"))].join();
  },

  facts: (folder) => {
    const folders = sitePackagesOf(folder);
    const packages = pythonPackagesIn(folders);
    return {
      python: versionOf(folder),
      packages: packages.length,
      tools: toolsAmong(packages),
      problems: [
        ...problemsOf(folder),
        ...interruptedIn(folders).map((name) => `pip was interrupted: ${name} is a part of a package`),
        ...withoutMetadata(packages).map(({ name }) => `The package ${name} is not wholly there: it has no METADATA`),
      ],
    };
  },

  packages: (folder) => pythonPackagesIn(sitePackagesOf(folder)).map(describePackage).sort(byName),
};

const lastOf = (folder: string): string => folder.slice(folder.lastIndexOf("/") + 1);

export const byName = (one: { name: string }, other: { name: string }): number =>
  one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1;

function versionOf(folder: string): string | null {
  const text = textOf(join(folder, "pyvenv.cfg")) ?? "";
  const written = /^version(?:_info)?\s*=\s*(\d+(?:\.\d+)*)/m.exec(text)?.[1];
  return written ?? namesIn(join(folder, "lib")).flatMap((name) => /^python(3\.\d+)$/.exec(name)?.[1] ?? [])[0] ?? null;
}

function problemsOf(folder: string): string[] {
  const python = join(folder, "bin", "python");
  if (!isThere(join(folder, "pyvenv.cfg"))) return ["It was not finished: pyvenv.cfg is missing"];
  const presence = presenceOf(python);
  if (presence !== "there") {
    const target = linkIn(python) ?? linkIn(join(folder, "bin", "python3"));
    if (target === null) return ["It was not finished: it has no bin/python"];
    return [presence === "gone" ? `Its Python is gone: ${target}` : `Its Python is not ours to look at: ${target}`];
  }
  const moved = madeFor(folder);
  return moved === null ? [] : [`It was made for ${moved}: programs in its bin folder run the Python there`];
}

/** Where a link leads that leads nowhere, or null. */
function linkIn(path: string): string | null {
  try {
    const target = resolve(dirname(path), readlinkSync(path));
    return linkIn(target) ?? target;
  } catch {
    return null;
  }
}

/** The folder that its programs were made for, where that is another one. */
function madeFor(folder: string): string | null {
  const text = startOf(join(folder, "bin", "activate"), 4_096) ?? "";
  const written = /^\s*VIRTUAL_ENV=(['"]?)(\/[^'"\n]*)\1\s*$/m.exec(text)?.[2];
  return written === undefined || isSame(written, folder) ? null : written;
}

/** A home may be reached by way of a link. */
function isSame(one: string, other: string): boolean {
  try {
    return one === other || realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}
