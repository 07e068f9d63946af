import { existsSync, readdirSync } from "node:fs";
import { PinokioError } from "../../protocol/errors.js";
import { AppId } from "../../protocol/ids.js";

/** The folder that stands in the way of a name, whatever its case: some disks tell no case. */
export function takenBy(api: string, name: string): string | null {
  if (!existsSync(api)) return null;
  const wanted = name.toLowerCase();
  return readdirSync(api).find((other) => other.toLowerCase() === wanted) ?? null;
}

export function requireFree(api: string, name: AppId): void {
  const other = takenBy(api, name);
  if (other === null) return;
  const differs = other === name ? "" : `, and ${name} differs from it only in case`;
  throw new PinokioError("app-exists", `An app named ${other} is already installed${differs}`, {
    hint: "Start that one, or install under another name with --name",
  });
}

/** The name itself, or the first that is free of name-2, name-3 and so on. */
export function freeName(api: string, name: AppId): AppId {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : AppId.parse(`${name.slice(0, 190)}-${number}`);
    if (takenBy(api, tried) === null) return tried;
  }
}
