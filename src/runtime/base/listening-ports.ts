import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A TCP port that a process waits for connections on. */
export interface ListeningPort {
  port: number;
  /** The kernel's number of the socket: the same port opened again has another. */
  socket: string;
}

const LISTEN = "0A";

/** Every TCP port of this machine that is listened on. */
export function listeningPorts(): ListeningPort[] {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
    readLines(table).flatMap((line) => {
      const [, local, , state, , , , , , socket] = line.trim().split(/\s+/);
      if (state !== LISTEN || local === undefined || socket === undefined) return [];
      return [{ port: parseInt(local.slice(local.lastIndexOf(":") + 1), 16), socket }];
    }),
  );
}

/** Those of them that these processes hold. */
export function listeningPortsOf(pids: readonly number[], open = listeningPorts()): ListeningPort[] {
  if (pids.length === 0 || open.length === 0) return [];
  const held = new Set(pids.flatMap(socketsOf));
  return open.filter(({ socket }) => held.has(socket));
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readNames(folder).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.slice(1) ?? [];
    } catch {
      return []; // closed meanwhile
    }
  });
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "latin1").split("\n").slice(1);
  } catch {
    return [];
  }
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // gone, or not ours to see
  }
}
