import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { sep } from "node:path";

/** The start of a file, up to a limit, and how long the whole file is. */
export interface FileStart {
  bytes: Buffer;
  size: number;
}

/** Reads a regular file of a folder; null for what leads out of it, is something else, or cannot be read. */
export async function readInside(folder: string, file: string, limit: number): Promise<FileStart | null> {
  const real = await realPathInside(folder, file);
  return real === null ? null : readStart(real, limit);
}

/** Where a path below a folder really leads, or null when that is outside of it or nowhere. */
export async function realPathInside(folder: string, path: string): Promise<string | null> {
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(path)]);
    return real.startsWith(root + sep) ? real : null;
  } catch {
    return null;
  }
}

/** As `readInside`, for a path that is no link. A pipe or a device never keeps us waiting. */
export async function readStart(file: string, limit: number): Promise<FileStart | null> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return null;
    const bytes = Buffer.alloc(Math.min(stat.size, limit));
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return { bytes: bytes.subarray(0, length), size: stat.size };
  } catch {
    return null;
  } finally {
    await handle?.close();
  }
}
