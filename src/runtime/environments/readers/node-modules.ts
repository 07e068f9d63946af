import { dirname, join } from "node:path";
import type { EnvironmentTool, InstalledPackage } from "../../protocol/environments.js";
import { namesIn } from "../../base/names-in.js";
import { changeOf, isThere, jsonOf, startOf, textIn } from "./files.js";
import type { EnvironmentReader } from "./reader.js";
import { byName } from "./venv.js";

/** Packages of Node, with who has put them there. */
export const nodeModulesReader: EnvironmentReader = {
  kind: "node",

  isOne: (folder) => folder.endsWith("/node_modules"),

  stamp: (folder) =>
    [folder, join(folder, ".package-lock.json"), join(folder, ".modules.yaml"), join(dirname(folder), "package.json")]
      .map(changeOf)
      .join(),

  facts: (folder) => ({
    python: null,
    packages: packagesIn(folder).length,
    tools: [managerOf(folder)].filter((tool) => tool !== null),
    problems: problemsOf(folder),
  }),

  packages: (folder) => packagesIn(folder).sort(byName),
};

function packagesIn(folder: string): InstalledPackage[] {
  return lockedIn(folder) ?? pnpmIn(folder) ?? foldersIn(folder);
}

/** npm keeps a list of what it has put there. */
function lockedIn(folder: string): InstalledPackage[] | null {
  const packages = jsonOf(join(folder, ".package-lock.json"))?.["packages"];
  if (typeof packages !== "object" || packages === null) return null;
  return Object.entries(packages as Record<string, Record<string, unknown> | null>).map(([path, facts]) => {
    const resolved = textIn(facts?.["resolved"]);
    return {
      name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version: textIn(facts?.["version"]),
      bytes: null,
      from: facts?.["link"] === true ? resolved : resolved !== null && /^git|^file:/.test(resolved) ? resolved : null,
    };
  });
}

/** pnpm has a folder for each version: `@scope+name@1.2.3_peers`. */
function pnpmIn(folder: string): InstalledPackage[] | null {
  if (!isThere(join(folder, ".modules.yaml"))) return null;
  return namesIn(join(folder, ".pnpm")).flatMap((written) => {
    const [, name, version] = /^(@?[^@]+)@([^_(]+)/.exec(written) ?? [];
    return name === undefined || version === undefined
      ? []
      : [{ name: name.replace("+", "/"), version, bytes: null, from: null }];
  });
}

function foldersIn(folder: string): InstalledPackage[] {
  const names = namesIn(folder).filter((name) => !name.startsWith("."));
  const all = names.flatMap((name) =>
    name.startsWith("@") ? namesIn(join(folder, name)).map((below) => `${name}/${below}`) : [name],
  );
  return all.flatMap((name) => {
    const facts = jsonOf(join(folder, name, "package.json"));
    return facts === null ? [] : [{ name, version: textIn(facts["version"]), bytes: null, from: null }];
  });
}

function managerOf(folder: string): EnvironmentTool | null {
  if (isThere(join(folder, ".package-lock.json"))) return { name: "npm", version: null };
  const pnpm = startOf(join(folder, ".modules.yaml"), 65_536);
  if (pnpm !== null)
    return { name: "pnpm", version: /packageManager["']?:\s*["']?pnpm@([\d.]+)/.exec(pnpm)?.[1] ?? null };
  if (isThere(join(folder, ".yarn-integrity")) || isThere(join(folder, ".yarn-state.yml"))) {
    return { name: "yarn", version: null };
  }
  return null;
}

const MOST_NAMED = 3;

function problemsOf(folder: string): string[] {
  const interrupted = namesIn(folder).filter((name) => /^\..+-[A-Za-z0-9]{8}$/.test(name));
  const wanted = jsonOf(join(dirname(folder), "package.json"))?.["dependencies"];
  const names = typeof wanted === "object" && wanted !== null ? Object.keys(wanted) : [];
  const missing = names.filter((name) => !isThere(join(folder, name)));
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : "";
  return [
    ...interrupted.map((name) => `npm was interrupted: ${name} is a part of a package`),
    ...(missing.length === 0
      ? []
      : [`package.json asks for ${missing.slice(0, MOST_NAMED).join(", ")}${more}, not installed here`]),
  ];
}
