import type { Machine } from "../runtime/protocol/machine.js";
import type { Run } from "../runtime/protocol/runs.js";
import type { SidecarStatus } from "../runtime/protocol/sidecar.js";
import { VERSION } from "../runtime/protocol/version.js";
import { sizeText } from "./measures.js";

interface ReportFacts {
  machine: Machine | null;
  sidecar: SidecarStatus | null;
  /** What runs. */
  live: readonly Pick<Run, "script" | "state">[];
  browser: string;
}

/** What somebody who helps needs to know, as text. Only what is listed here goes in, so no secret can. */
export function reportText({ machine, sidecar, live, browser }: ReportFacts): string {
  const lines: [string, string][] = [["PinokioCloud view", VERSION]];
  if (sidecar !== null) {
    lines.push(
      ["Sidecar", `${sidecar.version}, protocol ${sidecar.protocol}, Node ${sidecar.node}, pid ${sidecar.pid}`],
      ["Home", sidecar.home],
      ["Mode", sidecar.modeReason === null ? sidecar.mode : `${sidecar.mode} (${sidecar.modeReason})`],
      ["Started", sidecar.startedAt],
      ["Log file", sidecar.logFile],
      ["Live runs", String(sidecar.liveRuns)],
      ["Clients", String(sidecar.clients)],
      ["Memory", sizeText(sidecar.memoryBytes)],
    );
  }
  if (machine !== null) {
    lines.push(
      ["Platform", machine.platformLabel],
      ["System", `${machine.os}, ${machine.arch}`],
      ["Processor", `${machine.cpu}, ${machine.cores} cores`],
      ["Main memory", sizeText(machine.memoryBytes)],
      ...machine.gpus.map((gpu): [string, string] => ["GPU", gpuText(gpu)]),
      ["Python", machine.python ?? "none"],
      [
        "Disk",
        `${sizeText(machine.disk.freeBytes)} free of ${sizeText(machine.disk.totalBytes)} at ${machine.disk.path}`,
      ],
    );
  }
  lines.push(...live.map(({ script, state }): [string, string] => ["Runs", `${script} (${state})`]));
  lines.push(["Browser", browser]);
  return lines.map(([name, value]) => `${name}: ${value}\n`).join("");
}

export function gpuText({ name, memoryBytes, driver }: Machine["gpus"][number]): string {
  return [name, memoryBytes === null ? null : sizeText(memoryBytes), driver === null ? null : `driver ${driver}`]
    .filter((part) => part !== null)
    .join(" · ");
}
