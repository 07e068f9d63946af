import { quotedWord } from "../base/command-words.js";
import type { SidecarClient } from "../client/sidecar-client.js";
import { toWireError } from "../protocol/errors.js";
import type { InstalledPackageView } from "../protocol/package-requests.js";
import { canAsk, saysYes } from "./ask/prompt.js";
import { followChange } from "./change-job.js";
import type { Session } from "./session.js";
import { onOneLine } from "./words.js";

/** What came only since an app needs it, as a person hears of it before the app goes. */
export const cameText = ({ name, type }: InstalledPackageView): string =>
  `${name} (${type}) came with it, nothing else needs it, and it stays in the end, unless you say otherwise`;

/** As that, where what came with an app is never removed by itself: the command that removes it. */
export const staysText = ({ id, name, type }: InstalledPackageView): string =>
  `${name} (${type}) came with it, nothing else needs it, and it stays. Remove it with: ${removeCommand(id)}`;

const removeCommand = (id: string): string => `pinokiocloud package remove ${quotedWord(id)}`;

/** Those of them that a person gives up. */
export async function givenUpToo(
  session: Session,
  came: readonly InstalledPackageView[],
  isWanted: boolean,
): Promise<InstalledPackageView[]> {
  if (isWanted || session.json || !canAsk()) return isWanted ? [...came] : [];
  const given: InstalledPackageView[] = [];
  for (const one of came) if (await saysYes(onOneLine(`Remove ${one.name} too?`))) given.push(one);
  return given;
}

/** Takes them away after the app, into the trash; returns what stays and why, in sentences. */
export async function removeWhatCame(
  session: Session,
  client: SidecarClient,
  came: readonly InstalledPackageView[],
  given: readonly InstalledPackageView[],
): Promise<string[]> {
  const said: string[] = [];
  for (const one of came) {
    const problem = given.includes(one) ? await remove(session, client, one) : "nothing needs it now";
    const tells = problem === null ? "is in the trash" : `stays: ${problem}. Remove it with: ${removeCommand(one.id)}`;
    said.push(`${one.name}, which came with it, ${tells}`);
  }
  return said;
}

/** Returns why it stays, or null. */
async function remove(session: Session, client: SidecarClient, { id }: InstalledPackageView): Promise<string | null> {
  try {
    const { job } = await client.request("packages.remove", { id });
    const { state, error } = await followChange(session, client, job);
    return state === "done" ? null : (error?.message ?? "removing it was cancelled");
  } catch (error) {
    return toWireError(error).message;
  }
}
