import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { writeJsonAtomic } from "../base/atomic-file.js";
import { bootId, thisProcess } from "../base/processes.js";
import { PROTOCOL, VERSION } from "../protocol/version.js";
import type { SidecarRecord } from "../storage/sidecar-record.js";
import type { OpenedHome } from "./open-home.js";

/** Says where this sidecar listens, to whoever looks for one. */
export function writeRecords({ home, paths, local, mode }: OpenedHome): void {
  const record: SidecarRecord = {
    ...thisProcess(),
    bootId: bootId(),
    host: hostname(),
    home,
    socket: local.socket,
    tokenFile: local.token,
    version: VERSION,
    protocol: PROTOCOL,
    node: process.version,
    startedAt: new Date(Date.now() - process.uptime() * 1_000).toISOString(),
  };
  writeJsonAtomic(local.sidecarRecord, record, 0o600);
  if (mode === "full") writeJsonAtomic(paths.sidecarRecord, record, 0o600);
}

export function removeRecords({ paths, local, mode }: OpenedHome, { keepFolder }: { keepFolder: boolean }): void {
  rmSync(local.sidecarRecord, { force: true });
  if (!keepFolder) rmSync(local.folder, { recursive: true, force: true });
  if (mode === "full") rmSync(paths.sidecarRecord, { force: true });
}
