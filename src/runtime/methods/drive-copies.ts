import { lstatSync, mkdirSync, readdirSync, statfsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { PinokioError } from "../protocol/errors.js";
import { sizeText } from "../protocol/sizes.js";
import type { MethodContext } from "./method.js";

/** What must be left when models were copied. */
const RESERVE_BYTES = 1024 ** 3;

/**
 * Where the disk takes no links, an app's folder stays its own: it gets a copy of what others have put on the drive and
 * it lacks, as far as there is space. Nothing of it goes to the drive.
 */
export async function copyFromDrive(
  folder: string,
  target: string,
  root: string,
  context: MethodContext,
): Promise<void> {
  const name = relative(root, folder);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() === true) return void context.note(`${name} is a link already and stays one\r\n`);
  if (found !== undefined && !found.isDirectory()) {
    throw new PinokioError("step-failed", `fs.link cannot use ${folder}: it is no folder`);
  }
  mkdirSync(folder, { recursive: true });
  const missing = missingFiles(target, folder);
  const bytes = missing.reduce((sum, file) => sum + file.bytes, 0);
  const { bavail, bsize } = statfsSync(folder);
  context.note(`${name} stays a folder of its own: the disk takes no links\r\n`);
  if (missing.length === 0) return;
  if (bytes + RESERVE_BYTES > bavail * bsize) {
    context.warn(
      `${name} lacks ${countOf(missing)} of ${target} (${sizeText(bytes)}), and the disk takes no links: ` +
        `${sizeText(bavail * bsize)} are free, too little for copies`,
    );
    return;
  }
  for (const { from, to } of missing) {
    context.signal.throwIfAborted();
    mkdirSync(dirname(to), { recursive: true });
    await copyFile(from, to);
  }
  context.note(`${name} got copies of ${countOf(missing)} of the drive (${sizeText(bytes)})\r\n`);
}

const countOf = ({ length }: readonly unknown[]): string => (length === 1 ? "1 file" : `${length} files`);

interface MissingFile {
  from: string;
  to: string;
  bytes: number;
}

function missingFiles(from: string, to: string): MissingFile[] {
  if (lstatSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(from, { withFileTypes: true }).flatMap((entry) => {
    const [source, place] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) return missingFiles(source, place);
    if (!entry.isFile() || lstatSync(place, { throwIfNoEntry: false }) !== undefined) return [];
    return [{ from: source, to: place, bytes: lstatSync(source).size }];
  });
}
