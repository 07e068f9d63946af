import { framingOf } from "../../base/framing.js";
import { listFolder } from "../../storage/list-folder.js";
import type { Machine, StorageUse } from "../../protocol/machine.js";
import type { Usage, UsageHistory } from "../../protocol/usage.js";
import type { Handlers } from "./handler.js";

export interface MachineParts {
  facts(): Promise<Machine>;
  storageUse(): Promise<StorageUse>;
  /** Folders where somebody who looks for a file may begin, the first one where they do. */
  usage(): Promise<Usage>;
  usageHistory(run: string | null): UsageHistory;
  pagePath: { tell(path: string): void };
  places(): { name: string; path: string }[];
}

export const machineHandlers = ({
  facts,
  storageUse,
  usage,
  usageHistory,
  pagePath,
  places,
}: MachineParts): Handlers<
  "machine.facts" | "storage.use" | "usage.now" | "usage.history" | "files.list" | "pages.framing" | "pages.through"
> => ({
  "machine.facts": () => facts(),
  "storage.use": () => storageUse(),
  "pages.framing": ({ url }) => framingOf(url),
  "pages.through": ({ path }) => {
    pagePath.tell(path);
    return {};
  },
  "usage.now": () => usage(),
  "usage.history": ({ runId }) => usageHistory(runId ?? null),
  "files.list": async ({ path, ...wishes }) => {
    const known = places();
    return { ...(await listFolder(path ?? known[0]?.path ?? "/", wishes)), places: known };
  },
});
