import type { Machine, StorageUse } from "../../protocol/machine.js";
import type { Handlers } from "./handler.js";

export interface MachineParts {
  facts(): Promise<Machine>;
  storageUse(): Promise<StorageUse>;
}

export const machineHandlers = ({ facts, storageUse }: MachineParts): Handlers<"machine.facts" | "storage.use"> => ({
  "machine.facts": () => facts(),
  "storage.use": () => storageUse(),
});
