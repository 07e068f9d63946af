import { maskSecrets } from "../base/mask-secrets.js";
import { type PinokioError, toWireError } from "../protocol/errors.js";
import type { ExportedPackage, ExportedSource, ImportedThing, LibraryFile } from "../protocol/library-file.js";
import type { Piece } from "./bring-back.js";

export interface OthersWorld {
  /** Packages that are no apps, ids of those that are not whole, and what somebody has put here by hand. */
  packages(): Promise<{ installed: ExportedPackage[]; broken: string[]; byHand: string[] }>;
  /** Sources that a person has added. */
  sources(): Promise<ExportedSource[]>;
  /** Names of secrets that are set for all apps. */
  secrets(): string[];
  /** Whether the catalog has a package of that id. */
  isKnown(id: string): Promise<boolean>;
  /** Why a source cannot be added here at all, or null. */
  obstacleTo(source: ExportedSource): PinokioError | null;
  addSource(source: ExportedSource): Promise<void>;
  /** Installs it as it was, and waits for the end of that. */
  install(pack: ExportedPackage, signal: AbortSignal): Promise<void>;
}

type Exported = Pick<LibraryFile, "sources" | "packages" | "secrets" | "warnings">;

/** What a library holds besides its apps: sources, packages of other types, and names of secrets. */
export interface OthersTransfer {
  exported(): Promise<Exported>;
  /** Sources first. */
  fates(file: LibraryFile): Promise<ImportedThing[]>;
  /** What a person has to do again by hand, in sentences. */
  left(file: LibraryFile): string[];
  /** What is to be installed of these, packages after their sources. */
  pieces(file: LibraryFile, fates: readonly ImportedThing[]): { sources: Piece[]; packages: Piece[] };
}

export function createOthersTransfer(world: OthersWorld): OthersTransfer {
  const sourceFate = (source: ExportedSource, here: readonly ExportedSource[]): ImportedThing => {
    const known = { name: source.address, type: "source" };
    if (here.some((other) => isSame(source, other))) return { ...known, fate: "here", error: null };
    const error = world.obstacleTo(source);
    return error === null
      ? { ...known, fate: "install", error: null }
      : { ...known, fate: "cannot", error: toWireError(error) };
  };

  /** One of a source that is yet to come is known when that is here. */
  const packageFate = async (
    { id, type }: ExportedPackage,
    {
      file,
      here,
      present,
      coming,
    }: { file: LibraryFile; here: ExportedSource[]; present: Set<string>; coming: string[] },
  ): Promise<ImportedThing> => {
    const known = { name: id, type };
    const found = idHere(id, file, here);
    if (present.has(found)) return { ...known, fate: "here", error: null };
    if (coming.some((source) => id.startsWith(`${source}/`)) || (await world.isKnown(found))) {
      return { ...known, fate: "install", error: null };
    }
    const error = { code: "package-missing" as const, message: "No source of packages that is here has it" };
    return { ...known, fate: "cannot", error };
  };

  /** Its version may be another one by now. */
  const bring = async (pack: ExportedPackage, file: LibraryFile, signal: AbortSignal): Promise<string[]> => {
    const id = idHere(pack.id, file, await world.sources());
    await world.install({ ...pack, id }, signal);
    const { installed } = await world.packages();
    const now = installed.find((one) => one.id === id);
    const [before, after] = [stateOf(pack), now === undefined ? null : stateOf(now)];
    return before === null || after === null || before === after ? [] : [`It is ${after} here, and was ${before}`];
  };

  return {
    exported: async () => {
      const { installed, byHand } = await world.packages();
      const sources = await world.sources();
      const withLogin = sources.filter(({ address }) => maskSecrets(address) !== address);
      const secrets = world.secrets();
      return {
        sources: sources.filter((source) => !withLogin.includes(source)),
        packages: installed,
        secrets,
        warnings: [
          ...byHand.map((name) => `${name} was put here by hand, and is not in it`),
          ...withLogin.map(({ id }) => `The address of the source ${id} holds a login, and is not in it`),
          ...(secrets.length === 0 ? [] : [`Secrets of all apps are not in it: ${secrets.join(", ")}`]),
        ],
      };
    },
    fates: async (file) => {
      const [here, { installed, broken }] = await Promise.all([world.sources(), world.packages()]);
      const sources = file.sources.map((source) => sourceFate(source, here));
      const coming = file.sources.flatMap(({ id }, at) => (sources[at]?.fate === "install" ? [id] : []));
      const present = new Set(installed.map(({ id }) => id).filter((id) => !broken.includes(id)));
      const packages = file.packages.map((pack) => packageFate(pack, { file, here, present, coming }));
      return [...sources, ...(await Promise.all(packages))];
    },
    left: ({ secrets }) => {
      const here = world.secrets();
      const unset = secrets.filter((name) => !here.includes(name));
      return unset.length === 0 ? [] : [`Set again for all apps: ${unset.join(", ")}`];
    },
    pieces: (file, fates) => {
      const isComing = (at: number): boolean => fates[at]?.fate === "install";
      const sources = file.sources.filter((_, at) => isComing(at));
      const packages = file.packages.filter((_, at) => isComing(file.sources.length + at));
      return {
        sources: sources.map((source) => ({
          kind: "source",
          name: source.address,
          id: source.address,
          bring: () => world.addSource(source).then(() => []),
          byHand: "add it by hand when it can be reached",
        })),
        packages: packages.map((pack) => ({
          kind: "package",
          name: pack.name === pack.id ? pack.id : `${pack.name} (${pack.id})`,
          id: pack.id,
          bring: (signal) => bring(pack, file, signal),
          byHand: "install it by hand",
        })),
      };
    },
  };
}

const isSame = (one: ExportedSource, other: ExportedSource): boolean =>
  one.kind === other.kind && one.address === other.address;

/** A source may be called otherwise here, and then its packages are too. */
function idHere(id: string, { sources }: LibraryFile, here: readonly ExportedSource[]): string {
  const source = sources.find((one) => id.startsWith(`${one.id}/`));
  const own = source === undefined ? undefined : here.find((one) => isSame(one, source));
  return source === undefined || own === undefined ? id : `${own.id}${id.slice(source.id.length)}`;
}

const stateOf = ({ version, commit }: Pick<ExportedPackage, "version" | "commit">): string | null =>
  commit === null ? version : `at ${commit.slice(0, 12)}`;
