import { statSync } from "node:fs";
import { join } from "node:path";
import { parseEnv, readEnvText } from "../base/env-file.js";
import { isSecretName } from "../protocol/secret-names.js";
import { readSecrets, secretPaths } from "../base/secret-store.js";

/** Values of variables whose names say that nobody else may see them. */
export const secretValues = (variables: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(variables).flatMap(([name, value]) =>
    value !== undefined && isSecretName(name) && !value.startsWith("/") && !value.startsWith("./") ? [value] : [],
  );

/** What the ENVIRONMENT files of the home and its apps keep secret, as it is now; read again only when they change. */
export class KnownSecrets {
  readonly #home: string;
  readonly #own: readonly string[];
  readonly #files = new Map<string, { changed: number; secrets: readonly string[] }>();
  readonly #places = new Map<string | null, readonly string[]>();

  constructor(home: string, env: Readonly<Record<string, string | undefined>>) {
    this.#home = home;
    this.#own = secretValues(env);
  }

  /** From each place; the same lists as before while they have not changed. */
  of(appId: string | null): readonly (readonly string[])[] {
    return [this.#own, ...this.#placesOf(appId).map((file) => this.#inFile(file))];
  }

  #placesOf(appId: string | null): readonly string[] {
    const known = this.#places.get(appId);
    if (known !== undefined) return known;
    const folder = join(this.#home, "api", appId ?? "");
    const folders = [this.#home, ...(appId === null ? [] : [folder, join(folder, "pinokio")])];
    const stores = [secretPaths.shared(this.#home), ...(appId === null ? [] : [secretPaths.of(this.#home, appId)])];
    const files = [...folders.map((place) => join(place, "ENVIRONMENT")), ...stores];
    this.#places.set(appId, files);
    return files;
  }

  #inFile(file: string): readonly string[] {
    const changed = changeTime(file);
    const known = this.#files.get(file);
    if (known?.changed === changed) return known.secrets;
    const secrets = changed === 0 ? [] : secretsIn(file);
    this.#files.set(file, { changed, secrets });
    return secrets;
  }
}

function secretsIn(file: string): string[] {
  if (!file.endsWith(".json")) return secretValues(parseEnv(readEnvText(file) ?? ""));
  try {
    return Object.values(readSecrets(file)); // whatever they are called
  } catch {
    return [];
  }
}

function changeTime(file: string): number {
  try {
    return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  } catch {
    return 0; // not ours to see
  }
}
