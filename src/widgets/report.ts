import type { App } from "../runtime/protocol/apps.js";
import type { Machine } from "../runtime/protocol/machine.js";
import { isLive, type Run } from "../runtime/protocol/runs.js";
import type { Notice, SidecarStatus } from "../runtime/protocol/sidecar.js";
import { VERSION } from "../runtime/protocol/version.js";
import { sizeText } from "./measures.js";

interface ReportFacts {
  machine: Machine | null;
  sidecar: SidecarStatus | null;
  apps: readonly Pick<App, "id" | "state" | "repository" | "problem">[];
  runs: readonly Run[];
  notices: readonly Pick<Notice, "at" | "level" | "message" | "from">[];
  browser: string;
}

const MOST_FAILED = 5;
const MOST_NOTICES = 10;
const LONGEST = 500;
const NO_GPU: [string, string] = ["GPU", "none"];

/** What a person may have cloned by hand with. */
const LOGIN = /\/\/[^/@]*@/;

const oneLine = (text: string): string => text.replace(/\s+/g, " ").slice(0, LONGEST);

const appText = ({ id, state, repository = null, problem }: ReportFacts["apps"][number]): string =>
  [id, state, repository?.replace(LOGIN, "//") ?? null, problem === null ? null : oneLine(problem.message)]
    .filter((part) => part !== null)
    .join(", ");

/**
 * What somebody who helps needs to know, as text. Only what is listed here goes in; messages are those that views show,
 * in which the sidecar has hidden what is secret.
 */
export function reportText({ machine, sidecar, apps, runs, notices, browser }: ReportFacts): string {
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
      ...(machine.gpus.length === 0 ? [NO_GPU] : machine.gpus.map((gpu): [string, string] => ["GPU", gpuText(gpu)])),
      ["Python", machine.python ?? "none"],
      [
        "Disk",
        `${sizeText(machine.disk.freeBytes)} free of ${sizeText(machine.disk.totalBytes)} at ${machine.disk.path}`,
      ],
    );
  }
  const failed = runs.filter(({ end }) => end !== null && end.error !== null).slice(-MOST_FAILED);
  lines.push(
    ["Browser", browser],
    ...apps.map((app): [string, string] => ["App", appText(app)]),
    ...runs.filter(isLive).map(({ script, state }): [string, string] => ["Runs", `${script} (${state})`]),
    ...failed.map(({ script, startedAt, end }): [string, string] => [
      "Failed",
      `${script} of ${startedAt}: ${end?.error?.code}: ${oneLine(end?.error?.message ?? "")}`,
    ]),
    ...notices
      .slice(-MOST_NOTICES)
      .map(({ at, level, message, from }): [string, string] => [
        "Told",
        `${at} ${level}: ${from}: ${oneLine(message)}`,
      ]),
  );
  return lines.map(([name, value]) => `${name}: ${value}\n`).join("");
}

export function gpuText({ name, memoryBytes, driver }: Machine["gpus"][number]): string {
  return [name, memoryBytes === null ? null : sizeText(memoryBytes), driver === null ? null : `driver ${driver}`]
    .filter((part) => part !== null)
    .join(" · ");
}
