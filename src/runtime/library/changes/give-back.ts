import { join } from "node:path";
import { treeSize } from "../../base/tree-size.js";
import type { AppId } from "../../protocol/ids.js";
import { sizeText } from "../../protocol/sizes.js";
import { dropEmptyKept, type Kept, keptIn, keptPlace, writeKept } from "../kept.js";
import { putBack, type PutBackResult } from "./put-back.js";
import type { ChangesWorld } from "./world.js";

/** An app's install script has run: what waited for that goes back, and what is kept of an earlier one is offered. */
export async function giveBack(app: AppId, world: ChangesWorld): Promise<void> {
  const earlier = keptOf(app, world).filter(({ afterInstall }) => !afterInstall);
  await putBackWaiting(app, world);
  for (const kept of earlier) await offer(kept, world);
}

/** Puts back what waited for the app's install script. */
export async function putBackWaiting(app: AppId, world: ChangesWorld): Promise<void> {
  for (const kept of keptOf(app, world).filter(({ afterInstall }) => afterInstall)) await putBackNow(kept, world);
}

const keptOf = (app: AppId, { home }: ChangesWorld): Kept[] => keptIn(home).filter((one) => one.app === app);

/** Puts what is kept back into its app. What is in the way there stays as it is, and what is kept stays kept. */
export async function putBackKept(name: string, world: ChangesWorld): Promise<PutBackResult> {
  const { home, api } = world;
  const kept = keptIn(home).find((one) => one.name === name);
  if (kept === undefined) return { moved: 0, taken: [] };
  const result = await putBack({ from: kept.files, to: join(api, kept.app), home, taken: "stays" });
  dropEmptyKept(home, name);
  world.changed(kept.app);
  return result;
}

async function putBackNow(kept: Kept, world: ChangesWorld): Promise<void> {
  const { name, app, title, at, entry } = kept;
  const { taken } = await putBackKept(name, world);
  if (taken.length === 0) return;
  writeKept(world.home, name, { at, app, title, afterInstall: false, entry });
  const count = taken.length === 1 ? "1 file of yours is" : `${taken.length} files of yours are`;
  const place = keptPlace(world.home, name).files;
  world.tell("info", `${count} in ${place}: ${title} has others in their place now`, app);
}

async function offer({ app, title, files }: Kept, world: ChangesWorld): Promise<void> {
  const { bytes, sharedBytes, files: count } = await treeSize([files]);
  const size = sizeText(bytes + sharedBytes);
  const what = count === 1 ? "1 file" : `${count} files`;
  world.tell("info", `${what} of an earlier ${title} (${size}) are kept: put them back in Shared Resources`, app);
}
