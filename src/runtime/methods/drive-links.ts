import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import * as z from "zod";
import { sameContent } from "../base/same-content.js";
import { writeJsonAtomic } from "../base/atomic-file.js";
import { comparableRemote } from "../base/git-uri.js";
import { isInside } from "../base/inside-folder.js";
import { movePath } from "../base/move-path.js";
import { PinokioError } from "../protocol/errors.js";
import { copyFromDrive } from "./drive-copies.js";
import type { MethodContext } from "./method.js";
import { keepInTrash } from "./trash.js";

/** By remote address: which folder of the drive each route of an app is. */
const Drives = z.record(z.string(), z.record(z.string(), z.string()));
type Drives = z.output<typeof Drives>;

export interface LinkRequest {
  /** The folder that the links are relative to. */
  root: string;
  /** The app's folder: where links lead out of it, nothing is put on the drive. */
  app: string;
  /** The drive's folder. */
  drive: string;
  routes: Record<string, string | readonly string[]>;
  /** Addresses of apps that share with this one, nearest first, then its own. */
  peers: readonly string[];
  own: string;
}

/** Puts an app's folders on the drive and links to them, so that apps share what lies there. */
export async function linkFolders(
  { root, app, drive, routes, peers, own }: LinkRequest,
  context: MethodContext,
): Promise<void> {
  for (const link of Object.values(routes).flat()) {
    checkName(link, "The link");
    checkParent(join(root, link), root, [app, root, drive]);
  }
  const drives = readDrives(drive);
  const names = [...new Set([...peers, own])];
  for (const [route, written] of Object.entries(routes)) {
    checkName(route, "The route");
    const links = typeof written === "string" ? [written] : written;
    const folder = folderFor(route, names, drives);
    const target = join(drive, folder);
    if (!context.takesLinks) {
      for (const link of links) await copyFromDrive(join(root, link), target, root, context);
      continue;
    }
    mkdirSync(target, { recursive: true });
    for (const link of links) linkOne(join(root, link), target, { root, drive }, context);
    for (const name of names) drives[name] = { ...drives[name], [route]: folder };
  }
  if (context.takesLinks) writeJsonAtomic(join(drive, "drives.json"), drives);
}

function checkName(name: string, what: string): void {
  if (name !== "" && !name.startsWith(".") && !name.startsWith("/") && isInside("/x", resolve("/x", name))) return;
  throw new PinokioError("script-invalid", `${what} "${name}" of fs.link leaves its folder`, {
    hint: "Write folders relative to the script, without a dot or a slash in front",
  });
}

/** A folder that really lies elsewhere is not the app's to share. */
function checkParent(link: string, root: string, folders: readonly string[]): void {
  let parent = dirname(link);
  while (parent !== root && lstatSync(parent, { throwIfNoEntry: false }) === undefined) parent = dirname(parent);
  if (parent === root) return;
  const real = realOrNull(parent);
  if (real !== null && folders.some((folder) => isInside(realOrNull(folder) ?? folder, real))) return;
  throw new PinokioError(
    "step-failed",
    `fs.link leaves ${link} as it is: ${parent} leads to ${real ?? `${readlinkSync(parent)}, which is not there`}`,
    { hint: "Only folders that lie in the app itself can be put on the drive" },
  );
}

function realOrNull(path: string): string | null {
  return existsSync(path) ? realpathSync(path) : null;
}

function readDrives(drive: string): Drives {
  try {
    return Drives.parse(JSON.parse(readFileSync(join(drive, "drives.json"), "utf8")));
  } catch {
    return {};
  }
}

/** The folder a peer has for this route, else a new one beside the folders of peers. */
function folderFor(route: string, names: readonly string[], drives: Drives): string {
  const ofName = (name: string) =>
    Object.entries(drives).flatMap(([known, routes]) =>
      comparableRemote(known) === comparableRemote(name) ? [routes] : [],
    );
  const ofNames = names.flatMap(ofName);
  const known = ofNames.map((routes) => routes[route]).find((folder) => folder !== undefined && isPlain(folder));
  if (known !== undefined) return known;
  const other = ofNames.flatMap((routes) => Object.values(routes)).find(isPlain);
  const group = other?.split("/").slice(0, 3).join("/") ?? `drives/peers/d${Date.now()}`;
  return `${group}/${route}`;
}

const isPlain = (folder: string): boolean => isInside("/x", resolve("/x", folder)) && !folder.startsWith("/");

function linkOne(
  link: string,
  target: string,
  { root, drive }: { root: string; drive: string },
  context: MethodContext,
): void {
  const found = lstatSync(link, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) return void checkLink(link, target, context);
  if (found !== undefined && !found.isDirectory()) {
    throw new PinokioError("step-failed", `fs.link cannot replace ${link}: it is a file, not a folder`);
  }
  if (found !== undefined) {
    const lost = merge(link, target);
    if (lost.length > 0) keepInTrash(lost, root, "link", context);
    rmSync(link, { recursive: true, force: true });
  }
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(realpathSync(dirname(link)), realpathSync(target)), link, "dir");
  context.note(`${relative(root, link)} now lies in ${relative(dirname(drive), target)}\r\n`);
}

function checkLink(link: string, target: string, context: MethodContext): void {
  const leadsTo = resolve(realpathSync(dirname(link)), readlinkSync(link));
  if ((realOrNull(leadsTo) ?? leadsTo) !== realpathSync(target))
    context.note(`${link} is a link to ${leadsTo} already and stays one\r\n`);
}

/** Moves what the drive lacks. Returns the files that differ from those the drive has, which win. */
function merge(from: string, to: string): string[] {
  const lost: string[] = [];
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const place = join(to, entry.name);
    const there = lstatSync(place, { throwIfNoEntry: false });
    if (there === undefined) movePath(source, place);
    else if (entry.isDirectory() && there.isDirectory()) lost.push(...merge(source, place));
    else if (!sameContent(source, place)) lost.push(source);
  }
  return lost;
}
