import type { Stats } from "node:fs";
import { bytesOnDisk } from "../base/tree-size.js";
import type { AppId } from "../protocol/ids.js";

/** A file with a model, as it lies on the disk. */
export interface ModelFile {
  path: string;
  /** What people know it by: of a blob, the name that a snapshot gives it. */
  name: string;
  /** Whose folder it lies in, or null. */
  app: AppId | null;
  /** The folder or file that it is a part of as a model. */
  model: string;
  /** Of its content. */
  size: number;
  /** On the disk. */
  bytes: number;
  /** Which content it is a name of, and how many names that has. */
  content: string;
  names: number;
  /** When it was written last. */
  writtenAt: number;
  /** Another text when the content has changed. */
  version: string;
  /** Of the whole content, where its name tells it. */
  sha256: string | null;
}

type Known = Pick<ModelFile, "path" | "name" | "app" | "model"> & { sha256?: string | null };

export const versionOf = ({ dev, ino, size, mtimeMs }: Stats): string => `${dev}:${ino}:${size}:${mtimeMs}`;

export const modelFile = (known: Known, found: Stats): ModelFile => ({
  sha256: null,
  ...known,
  size: found.size,
  bytes: bytesOnDisk(found),
  content: `${found.dev}:${found.ino}`,
  names: found.nlink,
  writtenAt: found.mtimeMs,
  version: versionOf(found),
});
