import type { ConfigField } from "../../protocol/config.js";
import type { Plain } from "../formats/format.js";

/** The rules of a field: what is known of its values. */
export type Rules = Pick<ConfigField, "kind"> &
  Partial<Pick<ConfigField, "min" | "max" | "whole" | "choices" | "open" | "endings" | "places">>;

/** What there is to go by. */
export interface Hint {
  path: readonly string[];
  /** The last name of the path, in small letters, its words parted by `_`. */
  name: string;
  value: Plain;
  /** What its author has said about it. */
  help: string;
  /** Values are texts there, whatever they mean. */
  isText: boolean;
  machine: MachineHint;
}

/** What this machine offers to choose from. */
export interface MachineHint {
  gpus: readonly { index: number; name: string }[];
  /** Where models lie. */
  models: readonly { name: string; path: string }[];
  /** The app's own folder. */
  app: string;
}

/** One kind of setting, told by its name, its value and what is said about it. Kinds are listed in `index.ts`. */
export type Recognise = (hint: Hint) => Rules | null;

export const nameOf = (path: readonly string[]): string =>
  (path.at(-1) ?? "")
    .replace(/^-+/, "")
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z\d]+/g, "_")
    .toLowerCase();
