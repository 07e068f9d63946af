import { Buffer } from "node:buffer";
import type { Git, GitOrder } from "./git.js";
import { nameUnsupported } from "./git-errors.js";

const LONGEST_NAME_BYTES = 255;

/** Asked before anything is written: half an app helps nobody. */
export async function refuseNames(
  git: Git,
  commit: string,
  here: Pick<GitOrder, "cwd" | "signal">,
  url: string,
): Promise<void> {
  const names = (await git.run(["ls-tree", "-r", "-z", "--name-only", commit], here)).split("\0");
  const wrong = names.find((name) => name.length > LONGEST_NAME_BYTES / 4 && name.split("/").some(isTooLong));
  if (wrong !== undefined) throw nameUnsupported(url, wrong);
}

const isTooLong = (part: string): boolean => Buffer.byteLength(part) > LONGEST_NAME_BYTES;
