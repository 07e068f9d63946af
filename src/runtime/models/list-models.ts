import { basename, dirname, relative } from "node:path";
import { isInside } from "../base/inside-folder.js";
import { type Model, MODEL_FAMILIES, type ModelFamily, type ModelList } from "../protocol/models.js";
import type { Duplicates } from "./duplicates.js";
import { familyOf, formatOf } from "./families.js";
import type { FoundModels } from "./find-models.js";
import type { HubRepository } from "./hub-repository.js";
import type { ModelFile } from "./model-file.js";
import type { UsersOf } from "./users.js";

/** Of very many, only the largest are told one by one. */
const MOST_TOLD = 2_000;

/** What people are told of what was found. */
export function listModels(found: FoundModels, duplicates: readonly Duplicates[], usersOf: UsersOf): ModelList {
  const setsOf = setsByContent(duplicates);
  const ofFiles = wholes(found.files).map((files) => ofWhole(files, found, usersOf, setsOf));
  const ofHub = found.repositories
    .filter(({ files }) => files.length > 0)
    .map((repository) => ofRepository(repository, found, usersOf, setsOf));
  const models = [...ofFiles, ...ofHub].sort((one, other) => other.bytes - one.bytes);
  return {
    models: models.slice(0, MOST_TOLD),
    families: MODEL_FAMILIES.flatMap((family) => {
      const own = models.filter((model) => model.family === family);
      const bytes = own.reduce((sum, model) => sum + model.bytes, 0);
      return own.length === 0 ? [] : [{ family, models: own.length, bytes }];
    }),
    duplicates: duplicates
      .map((set) => toldSet(set, found.home, usersOf))
      .sort((one, other) => other.extraBytes - one.extraBytes),
    isCut: found.isCut || models.length > MOST_TOLD,
  };
}

/** Files of one model; several names of one content belong to where it was met first. */
function wholes(files: readonly ModelFile[]): ModelFile[][] {
  const modelOf = new Map<string, string>();
  const groups = new Map<string, ModelFile[]>();
  for (const file of files) {
    const model = modelOf.get(file.content) ?? file.model;
    modelOf.set(file.content, model);
    groups.set(model, [...(groups.get(model) ?? []), file]);
  }
  return [...groups.values()];
}

type SetsOf = ReadonlyMap<string, string>;

function ofWhole(files: readonly ModelFile[], { home }: FoundModels, usersOf: UsersOf, setsOf: SetsOf): Model {
  const path = files[0]?.model ?? "";
  const own = files.filter(({ model }) => model === path);
  const isPipeline = own.some((file) => file.path !== path && isInside(path, file.path));
  const id = relative(home, path);
  const name = basename(path);
  return {
    id,
    name,
    family: isPipeline ? "checkpoints" : familyOf({ folders: dirname(id).split("/"), name, bytes: sumOf(own) }),
    format: formatOf(largestOf(own)?.name ?? ""),
    ...toldOf(files, home, usersOf, setsOf),
    files: own.length,
    alsoAt: files.filter(({ model }) => model !== path).map((file) => relative(home, file.path)),
  };
}

/** A pipeline's parts have folders of their own; else its name and those of its files tell. */
function ofRepository(repository: HubRepository, { home }: FoundModels, usersOf: UsersOf, setsOf: SetsOf): Model {
  const { folder, name, bytes, files, names } = repository;
  const largest = largestOf(files);
  return {
    id: relative(home, folder),
    name,
    family: familyOfRepository(repository, largest),
    format: formatOf(largest?.name ?? names.find((one) => formatOf(one) !== "json") ?? ""),
    ...toldOf(files, home, usersOf, setsOf),
    users: [...new Set([...(repository.app === null ? [] : [repository.app]), ...usersOf(folder)])].sort(),
    bytes,
    files: files.length,
    alsoAt: [],
  };
}

function familyOfRepository({ name, names, bytes }: HubRepository, largest: ModelFile | null): ModelFamily {
  if (names.includes("model_index.json")) return "checkpoints";
  const folders = largest === null ? [] : dirname(largest.name).split("/");
  const byRepository = familyOf({ folders: [], name: name.replaceAll("/", " "), bytes });
  const byFile = familyOf({ folders, name: basename(largest?.name ?? ""), bytes });
  if (byRepository !== "other") return byRepository;
  // A tokenizer beside weights that nothing else tells of is what language models have.
  if (byFile === "other" && names.includes("generation_config.json")) return "llm";
  return byFile;
}

type Told = Pick<Model, "bytes" | "users" | "isShared" | "duplicates">;

function toldOf(files: readonly ModelFile[], home: string, usersOf: UsersOf, setsOf: SetsOf): Told {
  return {
    bytes: sumOf(files),
    users: [...new Set(files.flatMap(({ path }) => usersOf(path)))].sort(),
    isShared: files.some(({ path }) => isInside(`${home}/cache`, path)),
    duplicates: [...new Set(files.flatMap(({ content }) => setsOf.get(content) ?? []))],
  };
}

/** Content with several names counts once. */
const sumOf = (files: readonly ModelFile[]): number =>
  [...new Map(files.map(({ content, bytes }) => [content, bytes])).values()].reduce((sum, bytes) => sum + bytes, 0);

const largestOf = (files: readonly ModelFile[]): ModelFile | null =>
  files.reduce<ModelFile | null>((most, file) => (most === null || file.size > most.size ? file : most), null);

const setsByContent = (duplicates: readonly Duplicates[]): SetsOf =>
  new Map(
    duplicates.flatMap(({ id, copies }) => copies.flatMap(({ files }) => files.map(({ content }) => [content, id]))),
  );

/** What comes back: all but one, where every name of a copy is known. */
const extraBytesOf = ({ copies }: Duplicates): number =>
  copies.slice(1).reduce((sum, { files }) => sum + ownBytes(files), 0);

/** What a copy takes, unless a name of it is somewhere else. */
export const ownBytes = (files: readonly ModelFile[]): number => {
  const [one] = files;
  return one === undefined || files.length < one.names ? 0 : one.bytes;
};

const toldSet = (set: Duplicates, home: string, usersOf: UsersOf): ModelList["duplicates"][number] => ({
  id: set.id,
  bytes: set.copies[0]?.files[0]?.bytes ?? 0,
  extraBytes: extraBytesOf(set),
  copies: set.copies.map(({ files }) => ({
    path: relative(home, files[0]?.path ?? ""),
    users: [...new Set(files.flatMap(({ path }) => usersOf(path)))].sort(),
  })),
  isCompared: set.isCompared,
});
