import { Buffer } from "node:buffer";
import { constants, lstatSync, realpathSync, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import type { AppFilePart } from "../../protocol/app-files.js";
import { PinokioError } from "../../protocol/errors.js";
import { AROUND_SECRETS, hideSecrets, isKeyFile, isSettingsFile } from "./hide-secrets.js";
import { outside, placeInApp } from "./inside-app.js";
import { looksLikeText } from "./looks-like-text.js";

interface ReadOrder {
  /** Where the app really lies. */
  root: string;
  path: string;
  offset: number;
  most: number;
  version?: string | undefined;
  /** Values that nobody may see. */
  secrets: readonly Buffer[];
}

/** The first bytes tell whether a file is text. */
const LOOKED_AT = 4_096;

/** Some bytes of a plain file of an app, with the secrets of a text hidden. */
export async function readFile(order: ReadOrder): Promise<AppFilePart> {
  const { root, offset, most } = order;
  const { place, path } = placeInApp(root, order.path);
  const name = basename(place);
  // Git keeps logins beside its addresses.
  if (isKeyFile(name) || place.split("/").includes(".git")) {
    throw new PinokioError("request-invalid", `${place} may hold a secret and is not shown`, {
      hint: "Look at it on the machine itself, in a terminal",
    });
  }
  const { handle, size, version } = await openFile(path, place);
  try {
    if (order.version !== undefined && order.version !== version) {
      throw new PinokioError("file-changed", `${place} has changed meanwhile`, { hint: "Open it again" });
    }
    const beginning = await bytesOf(handle, 0, Math.min(size, LOOKED_AT));
    // Also in a text that is written in some older way.
    const hides = !beginning.includes(0) || isSettingsFile(name);
    const around = hides ? AROUND_SECRETS : 0;
    const start = Math.min(offset, size);
    const end = Math.min(size, start + most);
    const from = Math.max(0, start - around);
    const whole = await bytesOf(handle, from, Math.min(size, end + around));
    const plain = Buffer.from(whole.subarray(start - from, end - from));
    if (hides) hideSecrets(whole, name, order.secrets);
    const bytes = whole.subarray(start - from, end - from);
    return {
      bytes: bytes.toString("base64"),
      offset: start,
      size,
      version,
      isText: looksLikeText(beginning),
      isHidden: !plain.equals(bytes),
    };
  } finally {
    await handle.close();
  }
}

/** Devices are not opened, pipes keep nobody waiting, and what is opened is what lies there. */
async function openFile(path: string, place: string): Promise<{ handle: FileHandle; size: number; version: string }> {
  if (!lstatSync(path).isFile()) throw noFile(place);
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw new PinokioError("request-invalid", `${place} cannot be read`, {
        hint: "See who may read it",
        cause: error,
      });
    },
  );
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw noFile(place);
    // A folder on the way may have become a link while it was opened.
    if (realpathSync(path) !== path || !isSame(found, lstatSync(path))) throw outside(place);
    return { handle, size: found.size, version: `${found.ino}-${found.size}-${found.mtimeMs}` };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const isSame = (one: Stats, other: Stats): boolean => one.ino === other.ino && one.dev === other.dev;

const noFile = (place: string): PinokioError =>
  new PinokioError("request-invalid", `${place} is no plain file`, { hint: "Only those can be looked at" });

/** Fewer where the file has just become shorter. */
async function bytesOf(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, from + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
