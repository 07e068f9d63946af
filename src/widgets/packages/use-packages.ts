import type { ReplyOf } from "../../runtime/protocol/requests.js";
import { type Answer, useAnswer, useSnapshot } from "../host.js";

/** What is installed, whatever its type; asked again when something has changed. */
export function usePackages(): Answer<ReplyOf<"packages.list">> {
  const changes = useSnapshot()?.environments.changes ?? 0;
  return useAnswer("packages.list", {}, String(changes));
}
