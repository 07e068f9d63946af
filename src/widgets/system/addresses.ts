import { isLive, type Run } from "../../runtime/protocol/runs.js";
import { linksOf } from "../app-condition.js";
import { localPort } from "../open-url.js";

export interface RunAddress {
  run: Run;
  url: string;
  /** It is of this machine, so that only who reaches this machine can open it. */
  isOwn: boolean;
}

/** Where apps that run can be reached, as far as they told: also by tunnels that their scripts have opened. */
export function addressesOf(runs: readonly Run[]): RunAddress[] {
  return runs
    .filter(isLive)
    .flatMap((run) =>
      [...new Set([...linksOf(run), ...sharedBy(run)])].map((url) => ({ run, url, isOwn: localPort(url) !== null })),
    );
}

/** Addresses of tunnels, which a script keeps by the address that each leads to. */
function sharedBy({ local }: Run): string[] {
  const share = local["$share"];
  if (typeof share !== "object" || share === null) return [];
  return Object.values(share)
    .flatMap((kind: unknown) => (typeof kind === "object" && kind !== null ? Object.values(kind) : []))
    .filter((url): url is string => typeof url === "string" && /^https?:\/\/\S+$/.test(url));
}
