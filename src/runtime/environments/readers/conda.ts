import { join } from "node:path";
import type { InstalledPackage } from "../../protocol/environments.js";
import { namesIn } from "../../base/names-in.js";
import { changeOf, isThere, jsonOf, presenceOf, textIn } from "./files.js";
import {
  describePackage,
  installerOf,
  normalName,
  type PythonPackage,
  pythonPackagesIn,
  sitePackagesOf,
} from "./python-packages.js";
import type { EnvironmentReader } from "./reader.js";
import { toolsAmong } from "./tools.js";
import { byName } from "./venv.js";

export const condaReader: EnvironmentReader = {
  kind: "conda",

  isOne: (_, names) => names.has("conda-meta"),

  stamp: (folder) => {
    const parts = [join(folder, "conda-meta"), join(folder, "bin"), ...sitePackagesOf(folder)];
    return [...parts.map(changeOf), isThere(join(folder, "bin", "python"))].join();
  },

  facts: (folder) => {
    const own = condaPackagesIn(folder);
    const all = [...own, ...pipPackagesIn(folder, own)];
    const python = own.find(({ name }) => name === "python")?.version ?? null;
    return {
      python,
      packages: all.length,
      tools: toolsAmong(all),
      problems: [
        ...(own.length === 0 ? ["It was not finished: conda-meta lists no package"] : []),
        ...(python !== null && presenceOf(join(folder, "bin", "python")) === "gone"
          ? ["Its Python is gone: bin/python"]
          : []),
      ],
    };
  },

  packages: (folder) => {
    const own = condaPackagesIn(folder);
    // Conda's own record beside each of its packages tells which ones pip has put there.
    const pip = pythonPackagesIn(sitePackagesOf(folder)).filter(({ path }) => installerOf(path) !== "conda");
    const names = new Set(own.map(({ name }) => normalName(name)));
    const others = pip.filter(({ name }) => !names.has(normalName(name)));
    return [...own.map(describe), ...others.map(describePackage)].sort(byName);
  },
};

interface CondaPackage {
  name: string;
  version: string;
  path: string;
}

/** `name-version-build.json`; only a name has dashes. */
function condaPackagesIn(folder: string): CondaPackage[] {
  const meta = join(folder, "conda-meta");
  return namesIn(meta).flatMap((file) => {
    const [, name, version] = /^(.+)-([^-]+)-[^-]+\.json$/.exec(file) ?? [];
    return name === undefined || version === undefined ? [] : [{ name, version, path: join(meta, file) }];
  });
}

function pipPackagesIn(folder: string, own: readonly CondaPackage[]): PythonPackage[] {
  const names = new Set(own.map(({ name }) => normalName(name)));
  return pythonPackagesIn(sitePackagesOf(folder)).filter(({ name }) => !names.has(normalName(name)));
}

function describe({ name, version, path }: CondaPackage): InstalledPackage {
  const record = jsonOf(path);
  const paths = (record?.["paths_data"] as { paths?: unknown } | undefined)?.paths;
  const sizes = Array.isArray(paths) ? paths.map((one: { size_in_bytes?: unknown }) => one.size_in_bytes) : [];
  const known = sizes.filter((size) => typeof size === "number");
  return {
    name,
    version,
    bytes: known.length === 0 ? null : known.reduce((sum, size) => sum + size, 0),
    from: textIn(record?.["channel"]),
  };
}
