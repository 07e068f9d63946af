import { quotedWord } from "../base/command-words.js";
import type { SidecarClient } from "../client/sidecar-client.js";
import type { AppId } from "../protocol/ids.js";
import { sizeText } from "../protocol/sizes.js";

/** From this share on a person should know. */
const NEAR = 0.9;

/** What an app takes of the disk and may take. */
export interface DiskBudget {
  app: AppId;
  used: number | null;
  most: number;
}

/** Null for an app without a budget, or one that is not there. */
export async function diskBudgetOf(client: SidecarClient, app: AppId): Promise<DiskBudget | null> {
  const now = await client.request("apps.settings", { app }).catch(() => null);
  const most = now?.holds.diskBytes ?? null;
  return now === null || most === null ? null : { app, used: now.diskUsedBytes, most };
}

export const diskBudgetText = ({ used, most }: DiskBudget): string =>
  `${used === null ? "" : `${sizeText(used)} `}of ${sizeText(most)}`;

/** What a person should know of a budget that is used up, or nearly; null else. */
export function diskBudgetWarning({ app, used, most }: DiskBudget): string | null {
  if (used === null || used < most * NEAR) return null;
  const takes = `warning: ${app} takes ${sizeText(used)} of the disk and may take ${sizeText(most)}`;
  const more = `let it take more with: pinokiocloud limit ${quotedWord(app)} --disk …`;
  return used < most ? `${takes}; ${more}` : `${takes}: nothing more is installed or downloaded for it; ${more}`;
}
