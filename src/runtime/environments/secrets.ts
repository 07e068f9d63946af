import { statSync } from "node:fs";
import { join } from "node:path";
import { parseEnv, readEnvText } from "../base/env-file.js";

const SECRET_NAMES = /TOKEN|SECRET|PASSWORD|PASSWD|PASSCODE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|_KEY$/i;

/** Values of variables whose names say that nobody else may see them. */
export const secretValues = (variables: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(variables).flatMap(([name, value]) =>
    value !== undefined && SECRET_NAMES.test(name) && !value.startsWith("/") && !value.startsWith("./") ? [value] : [],
  );

/** What the ENVIRONMENT files of the home and its apps keep secret, as it is now; read again only when they change. */
export class KnownSecrets {
  readonly #home: string;
  readonly #own: readonly Buffer[];
  readonly #files = new Map<string, { changed: number; secrets: readonly Buffer[] }>();

  constructor(home: string, env: Readonly<Record<string, string | undefined>>) {
    this.#home = home;
    this.#own = toBytes(secretValues(env));
  }

  of(appId: string | null): readonly Buffer[] {
    const folder = join(this.#home, "api", appId ?? "");
    const folders = [this.#home, ...(appId === null ? [] : [folder, join(folder, "pinokio")])];
    return [...this.#own, ...folders.flatMap((place) => this.#inFile(join(place, "ENVIRONMENT")))];
  }

  #inFile(file: string): readonly Buffer[] {
    const changed = changeTime(file);
    const known = this.#files.get(file);
    if (known?.changed === changed) return known.secrets;
    const secrets = changed === 0 ? [] : toBytes(secretValues(parseEnv(readEnvText(file) ?? "")));
    this.#files.set(file, { changed, secrets });
    return secrets;
  }
}

const toBytes = (values: readonly string[]): Buffer[] => values.map((value) => Buffer.from(value, "utf8"));

function changeTime(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
