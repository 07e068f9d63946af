import { readFileSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { namesIn } from "./names-in.js";

/** A TCP port that a process waits for connections on. */
export interface ListeningPort {
  port: number;
  /** The kernel's number of the socket: the same port opened again has another. */
  socket: string;
}

const LISTEN = "0A";
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];

/** Every TCP port of this machine that is listened on. */
export const listeningPorts = (): ListeningPort[] => TABLES.flatMap((table) => portsIn(readText(table)));

/** The same for a process that has other things to do meanwhile: the kernel takes milliseconds to list them. */
export async function listeningPortsLater(): Promise<ListeningPort[]> {
  const texts = await Promise.all(TABLES.map((table) => readFile(table, "latin1").catch(() => "")));
  return texts.flatMap(portsIn);
}

const portsIn = (table: string): ListeningPort[] =>
  table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [, local, , state, , , , , , socket] = line.trim().split(/\s+/);
      if (state !== LISTEN || local === undefined || socket === undefined) return [];
      return [{ port: parseInt(local.slice(local.lastIndexOf(":") + 1), 16), socket }];
    });

/** Those of them that these processes hold. */
export function listeningPortsOf(
  pids: readonly number[],
  open: readonly ListeningPort[] = listeningPorts(),
): ListeningPort[] {
  if (pids.length === 0 || open.length === 0) return [];
  const held = new Set(pids.flatMap(socketsOf));
  return open.filter(({ socket }) => held.has(socket));
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return namesIn(folder).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.slice(1) ?? [];
    } catch {
      return []; // closed meanwhile
    }
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
