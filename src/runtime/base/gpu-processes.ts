import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { RUN_TOKEN_VARIABLE } from "../protocol/channel.js";
import { RunId } from "../protocol/ids.js";
import { listProcesses, variableOf } from "./processes.js";

/** What has to be open to use a card; below another folder where a program has a root of its own. */
const DEVICE = /\/dev\/(?:nvidia\d+|nvidia-uvm|dxg)$/;

/** Whether a process has an NVIDIA card open; without that it holds no memory of one. Null when nobody may look. */
export function hasGpuOpen(pid: number): boolean | null {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((name) => DEVICE.test(linkOf(`${folder}/${name}`)));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES" ? null : false;
  }
}

/** Some process that has a card open. */
export interface GpuProcess {
  pid: number;
  /** Null when it cannot be seen. */
  program: string | null;
  /** The run that started it. */
  run: RunId | null;
}

export function gpuProcess(pid: number): GpuProcess {
  const run = RunId.safeParse(variableOf(pid, RUN_TOKEN_VARIABLE));
  return { pid, program: programOf(pid), run: run.success ? run.data : null };
}

/** All that can be seen. */
export const gpuProcesses = (): GpuProcess[] =>
  listProcesses()
    .filter(({ pid }) => hasGpuOpen(pid) === true)
    .map(({ pid }) => gpuProcess(pid));

function programOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return null;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
