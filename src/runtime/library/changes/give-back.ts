import { join } from "node:path";
import { treeSize } from "../../base/tree-size.js";
import { quotedWord } from "../../base/command-words.js";
import type { AppId } from "../../protocol/ids.js";
import { sizeText } from "../../protocol/sizes.js";
import { dropEmptyKept, type Kept, keptIn, keptPlace, writeKept } from "../kept.js";
import { KEPT } from "../trash.js";
import { putBack, type PutBackResult } from "./put-back.js";
import type { ChangesWorld } from "./world.js";

/** An app's install script has run: what waited for that goes back, and what is kept of an earlier one is offered. */
export async function giveBack(app: AppId, world: ChangesWorld): Promise<void> {
  const earlier = earlierOf(app, world);
  await putBackWaiting(app, world);
  if (earlier.length > 0) await offer(app, earlier, world);
}

/** Puts back what waited for the app's install script. */
export async function putBackWaiting(app: AppId, world: ChangesWorld): Promise<void> {
  for (const kept of keptOf(app, world).filter(({ afterInstall }) => afterInstall)) await putBackNow(kept, world);
}

const earlierOf = (app: AppId, world: ChangesWorld): Kept[] =>
  keptOf(app, world).filter(({ afterInstall }) => !afterInstall);

const keptOf = (app: AppId, { home }: ChangesWorld): Kept[] => keptIn(home).filter((one) => one.app === app);

/** Puts what is kept back into its app. What is in the way there stays as it is, and what is kept stays kept. */
export async function putBackKept(name: string, world: ChangesWorld): Promise<PutBackResult> {
  const { home, api } = world;
  const kept = keptIn(home).find((one) => one.name === name);
  if (kept === undefined) return { moved: 0, taken: [] };
  const result = await putBack({ from: kept.files, to: join(api, kept.app), home, taken: "stays" });
  dropEmptyKept(home, name);
  await renewOffer(kept.app, world);
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

/** All of it in one, however often the app was here before. */
async function offer(app: AppId, kept: readonly Kept[], world: ChangesWorld): Promise<void> {
  const { bytes, sharedBytes, files: count } = await treeSize(kept.map(({ files }) => files));
  const size = sizeText(bytes + sharedBytes);
  const [only, ...others] = kept;
  const what = `${count === 1 ? "1 file" : `${count} files`} of an earlier ${kept.at(-1)?.title ?? app} (${size})`;
  const command =
    only !== undefined && others.length === 0
      ? `\`pinokiocloud trash restore ${quotedWord(`${KEPT}${only.name}`)}\` puts ${count === 1 ? "it" : "them"} back`
      : "`pinokiocloud trash list` names them";
  world.offer(app, `${what} ${count === 1 ? "is" : "are"} kept, as Shared Resources shows; ${command}`);
}

/** Some of what is kept of the app has gone. */
export async function renewOffer(app: AppId, world: ChangesWorld): Promise<void> {
  if (!world.hasOffer(app)) return;
  const earlier = earlierOf(app, world);
  if (earlier.length === 0) world.offer(app, null);
  else await offer(app, earlier, world);
}
