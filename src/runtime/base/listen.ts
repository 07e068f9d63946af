import { chmodSync, rmSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { makeFolder } from "./make-folder.js";
import { PinokioError } from "../protocol/errors.js";

const CHECK_EVERY_MS = 2_000;
const LONGEST_PATH_BYTES = 107;

/** A unix socket, 0600, that is made again when something removes its file. */
export interface SocketListener {
  close(): Promise<void>;
}

export async function listenOn(
  path: string,
  accept: (socket: Socket) => void,
  { checkEveryMs = CHECK_EVERY_MS, onRestored = () => undefined as void } = {},
): Promise<SocketListener> {
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) {
    throw new PinokioError("internal", `The socket path ${path} is longer than ${LONGEST_PATH_BYTES} bytes`, {
      hint: "Set XDG_RUNTIME_DIR or TMPDIR to a shorter folder",
    });
  }
  let server = await bind(path, accept);
  const replaced: Server[] = [];
  let inode = statSync(path).ino;
  let restoring: Promise<void> | null = null;
  const timer = setInterval(() => {
    if (restoring !== null || inodeOf(path) === inode) return;
    restoring = (async () => {
      // Connections that are open stay open: they do not need the file.
      replaced.push(server);
      server = await bind(path, accept);
      inode = statSync(path).ino;
      onRestored();
    })()
      .catch(() => undefined) // the folder may be gone too: tried again at the next check
      .finally(() => (restoring = null));
  }, checkEveryMs);
  timer.unref();
  return {
    close: async () => {
      clearInterval(timer);
      await restoring;
      // Closing a server removes whatever lies at its path, so the newest goes last.
      for (const old of [...replaced, server]) await new Promise((resolve) => old.close(resolve));
    },
  };
}

async function bind(path: string, accept: (socket: Socket) => void): Promise<Server> {
  makeFolder(dirname(path), 0o700); // whoever removed the socket may have removed its folder too
  rmSync(path, { force: true }); // only the holder of the lock gets here, so a socket in the way is a dead one
  const server = createServer(accept);
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(before);
  }
  chmodSync(path, 0o600);
  return server;
}

function inodeOf(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null;
  }
}
