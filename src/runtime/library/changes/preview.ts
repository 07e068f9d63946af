import { lstatSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { environmentsBelow } from "../../base/environments-below.js";
import { treeSize } from "../../base/tree-size.js";
import type { ChangePart, RemovalPreview } from "../../protocol/changes.js";
import type { AppId } from "../../protocol/ids.js";
import { sizeText } from "../../protocol/sizes.js";
import { freeKeptName, keptPlace } from "../kept.js";
import { type Freed, freedWith } from "./freed.js";
import { isBelowMade, ownDataOf } from "./own-data.js";
import { type ChangesWorld, leftOf } from "./world.js";

const MOST_EXAMPLES = 5;

/** What uninstalling or resetting would do. */
export async function previewRemoval(
  kind: "uninstall" | "reset",
  app: AppId,
  world: ChangesWorld,
  runFolders: readonly string[],
): Promise<RemovalPreview> {
  const folder = join(world.api, app);
  const title = await world.titleOf(app);
  const isLink = lstatSync(folder).isSymbolicLink();
  const own = isLink ? [] : await ownDataOf(app, world, undefined, { commitsStay: kind === "reset" });
  const whole = await treeSize([folder]);
  const mine = await treeSize(own.map((place) => join(folder, place)));
  const made = isLink ? [] : await environmentsBelow(realpathSync(folder));
  const environments = await treeSize(made.map((place) => join(folder, place)));
  const nothing = { bytes: 0, sharedBytes: 0, files: 0 };
  const runs = kind === "uninstall" ? await treeSize(runFolders) : nothing;
  const settings = kind === "uninstall" ? await treeSize([...world.filesFor(app)]) : nothing;
  const freed = kind === "uninstall" ? await freedWith(app, world) : NOTHING_FREED;
  const onlyIts = await sharedParts(freed, world.home);
  const besides = [runs, settings, ...onlyIts.map(({ size }) => size)];
  const parts: ChangePart[] = [
    {
      label: isLink ? "The link to its folder; the folder itself stays" : "The app",
      bytes: Math.max(0, whole.bytes - mine.bytes - environments.bytes),
      files: Math.max(0, whole.files - mine.files - environments.files),
      examples: [],
    },
    { label: "Environments", ...sized(environments), examples: await largest(folder, made) },
    { label: "Output of its runs", ...sized(runs), examples: [] },
    { label: "Its secrets and what is kept of its settings", ...sized(settings), examples: [] },
    ...onlyIts.map(({ label, size, examples }) => ({ label, ...sized(size), examples })),
  ];
  return {
    appId: app,
    title,
    goes: parts.filter(({ files }, at) => at === 0 || files > 0),
    stays: own.length === 0 ? [] : [{ label: "Your files", ...sized(mine), examples: await largest(folder, own) }],
    bytes: besides.reduce((sum, { bytes }) => sum + bytes, Math.max(0, whole.bytes - mine.bytes)),
    sharedBytes: besides.reduce((sum, one) => sum + one.sharedBytes, whole.sharedBytes - mine.sharedBytes),
    staysBytes: mine.bytes + mine.sharedBytes,
    stops: [...world.liveRuns(app)],
    neededBy: kind === "uninstall" ? [...(await world.neededBy(app))] : [],
    notes: [...notesOf(kind, app, own, world), ...freed.stay.map(stayText)],
    installer: world.installerOf(app),
    token: kind === "uninstall" ? leftOf(world.tokenOf(app)) : null,
  };
}

function notesOf(kind: "uninstall" | "reset", app: AppId, own: readonly string[], world: ChangesWorld): string[] {
  const noGit =
    world.programs.find("git") === null
      ? ["git was not found, so nobody can tell what is yours: everything but environments counts as yours"]
      : [];
  if (own.length === 0) return noGit;
  if (kind === "uninstall")
    return [...noGit, `Your files go to ${keptPlace(world.home, freeKeptName(world.home, app)).files}`];
  const waiting = own.filter((place) => isBelowMade(join(world.api, app), place));
  const wait = `Files of yours in folders that its scripts make are put back once those have run`;
  return waiting.length === 0 ? noGit : [...noGit, wait];
}

const NOTHING_FREED: Freed = { caches: [], environments: [], stay: [] };

async function sharedParts({ caches, environments }: Freed, home: string) {
  const sizeOf = (places: readonly string[]) => treeSize(places.map((place) => join(home, place)));
  return [
    {
      label: "Environments that only it uses",
      size: await sizeOf(environments),
      examples: await largest(home, environments),
    },
    { label: "Caches that only it uses", size: await sizeOf(caches), examples: await largest(home, caches) },
  ];
}

const stayText = (place: string): string => `${place} stays, though only this app uses it: files of yours are in it`;

const sized = ({ bytes, sharedBytes, files }: { bytes: number; sharedBytes: number; files: number }) => ({
  bytes: bytes + sharedBytes,
  files,
});

/** The places that take most, gathered by the folders they are in. */
async function largest(root: string, places: readonly string[]): Promise<string[]> {
  const groups = new Map<string, string[]>();
  for (const place of places) {
    const group = place.split("/").slice(0, 2).join("/");
    groups.set(group, [...(groups.get(group) ?? []), place]);
  }
  const sizes: [group: string, bytes: number][] = [];
  for (const [group, members] of groups) {
    const { bytes, sharedBytes } = await treeSize(members.map((place) => join(root, place)));
    sizes.push([group, bytes + sharedBytes]);
  }
  sizes.sort(([, one], [, other]) => other - one);
  return sizes.slice(0, MOST_EXAMPLES).map(([group, bytes]) => `${group} (${sizeText(bytes)})`);
}
