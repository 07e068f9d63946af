import { basename, relative } from "node:path";
import type { AppId } from "../protocol/ids.js";
import { ownBytes } from "./list-models.js";
import type { LookedAt } from "./models.js";

/** A set of copies of one model, for who frees room. */
export interface ToldCopies {
  id: string;
  name: string;
  copies: ToldCopy[];
}

export interface ToldCopy {
  /** Every name of it, below the home. */
  paths: string[];
  users: AppId[];
  /** What comes back when it takes no room of its own any more. */
  bytes: number;
  /** When it was written last. */
  writtenAt: number;
}

export const toldCopies = ({ found: { home }, duplicates, usersOf }: LookedAt): ToldCopies[] =>
  duplicates.map(({ id, copies }) => ({
    id,
    name: basename(copies[0]?.files[0]?.name ?? ""),
    copies: copies.map(({ files }) => ({
      paths: files.map(({ path }) => relative(home, path)),
      users: [...new Set(files.flatMap(({ path }) => usersOf(path)))],
      bytes: ownBytes(files),
      writtenAt: Math.max(...files.map((file) => file.writtenAt)),
    })),
  }));
