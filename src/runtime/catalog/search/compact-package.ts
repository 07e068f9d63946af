import type { CompactPackage, Package, PackageNeeds } from "../../protocol/packages.js";

const NEEDS: PackageNeeds = {
  gpu: null,
  vramGB: null,
  diskGB: null,
  platforms: [],
  conda: null,
  sudo: null,
  credentials: [],
  external: [],
};

/** What most packages say, or nothing. */
const USUAL: Omit<Package, "id" | "source" | "name" | "install"> = {
  type: "app",
  summary: "",
  category: "utility",
  tags: [],
  repository: null,
  version: null,
  commit: null,
  dependencies: [],
  requires: NEEDS,
  models: [],
  files: [],
  python: [],
  upstream: null,
  port: null,
  linux: "unknown",
  cpu: "unknown",
  available: true,
  warning: null,
  icon: null,
  popularity: null,
};

/** What it says beyond the usual. Its picture is asked for by who shows it. */
export function compactPackage({ icon, requires, ...rest }: Package): CompactPackage {
  const needs = unusual(requires, NEEDS);
  return {
    ...unusual(rest, USUAL),
    ...(Object.keys(needs).length === 0 ? {} : { requires: needs }),
    ...(icon === null ? {} : { hasIcon: true }),
  } as CompactPackage;
}

export function wholePackage({ hasIcon: _, requires, ...rest }: CompactPackage): Package {
  return { ...USUAL, ...rest, requires: requires === undefined ? NEEDS : { ...NEEDS, ...requires } } as Package;
}

function unusual<Facts extends object>(facts: Facts, usual: object): Partial<Facts> {
  const isUsual = (name: string, value: unknown): boolean => {
    const expected = (usual as Record<string, unknown>)[name];
    return Array.isArray(value) && Array.isArray(expected) ? value.length === 0 : value === expected;
  };
  return Object.fromEntries(Object.entries(facts).filter(([name, value]) => !isUsual(name, value))) as Partial<Facts>;
}
