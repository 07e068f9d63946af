import { InvalidArgumentError } from "commander";
import {
  type AppSettings,
  AppSettingsChange,
  type AppSettingsNow,
  type Enforcement,
  memoryText,
} from "../../protocol/app-settings.js";
import { PinokioError } from "../../protocol/errors.js";
import { appIdOf } from "../../protocol/ids.js";
import { sizeText } from "../../protocol/sizes.js";
import type { LimitList } from "../../protocol/system.js";
import { EXIT } from "../exit-codes.js";
import type { Session } from "../session.js";
import { table } from "../words.js";
import type { AddCommand } from "./command.js";

/** Takes a setting away. The parser of options takes null for nothing at all. */
const OFF = "off";

type Setting<Field extends keyof AppSettingsChange> = NonNullable<AppSettingsChange[Field]> | typeof OFF;

interface LimitOptions {
  memory?: Setting<"memory">;
  disk?: Setting<"disk">;
  cpu?: Setting<"cpu">;
  nice?: Setting<"nice">;
  grace?: Setting<"stopGraceSeconds">;
  restart?: Setting<"restart">;
  clear?: boolean;
}

const NOTHING = { memory: null, disk: null, cpu: null, nice: null, stopGraceSeconds: null, restart: null } as const;

export const addLimit: AddCommand = (program, inSession) => {
  program
    .command("limit")
    .description("show or set what an app may use, and what is done when it stops or fails; off takes one away")
    .argument("[app]", "an installed app; without it, what is decided for all of them is listed")
    .option("--memory <size>", "the most memory its programs may use together, such as 8GB", read("memory", String))
    .option("--disk <size>", "how much of the disk its folder may take, such as 20GB", read("disk", String))
    .option("--cpu <cores>", "how many cores its programs may use together, such as 1.5", read("cpu", numberOr))
    .option("--nice <0-19>", "how much its programs yield to others: 19 the most", read("nice", numberOr))
    .option("--grace <seconds>", "how long it may take to stop before it is killed", read("stopGraceSeconds", numberOr))
    .option(
      "--restart <times>",
      "start it again when it fails after it was ready, so often within 10 minutes",
      read("restart", (most) => ({ onFailure: true, most: numberOr(most) })),
    )
    .option("--clear", "take away all that is set for it")
    .action((name: string | undefined, { clear = false, ...options }: LimitOptions) =>
      inSession(async (session) => {
        if (name === undefined) return listLimits(session, clear || Object.keys(options).length > 0);
        const app = appIdOf(name);
        const client = await session.client();
        const change = { ...(clear ? NOTHING : {}), ...changeOf(options) };
        const now =
          Object.keys(change).length === 0
            ? await client.request("apps.settings", { app })
            : await client.request("apps.setSettings", { app, settings: change });
        session.print(session.json ? JSON.stringify(now) : limitsText(now));
        return EXIT.done;
      }),
    );
};

async function listLimits(session: Session, isChange: boolean): Promise<typeof EXIT.done> {
  if (isChange) {
    throw new PinokioError("request-invalid", "No app is named whose limits are to be changed", {
      hint: "What holds for every app is set with: pinokiocloud settings set everyApp.memory=8GB",
    });
  }
  const list = await (await session.client()).request("limits.list", {});
  session.print(session.json ? JSON.stringify(list) : listText(list));
  return EXIT.done;
}

function listText({ machine, diskWarningBytes, enforced, everyApp, apps }: LimitList): string {
  const by = (what: Enforcement): string => (what === "cgroup" ? "held by the system" : "watched every 3 s");
  const rows = [["every app", writtenText(everyApp)], ...apps.map(({ app, settings }) => [app, writtenText(settings)])];
  return [
    `All apps together: ${sizeText(machine.memoryBytes)} of memory, ${machine.cores} cores, ${sizeText(machine.diskFreeBytes)} of the disk free`,
    `Memory is ${by(enforced.memory)}, the processor ${by(enforced.cpu)}; below ${sizeText(diskWarningBytes)} of free disk it is said`,
    table(rows),
  ].join("\n");
}

function writtenText({ memory, disk, cpu, nice, stopGraceSeconds, restart }: AppSettings): string {
  const size = (value: string | number): string => (typeof value === "number" ? memoryText(value) : value);
  const parts = [
    ...(memory === undefined ? [] : [`memory ${size(memory)}`]),
    ...(disk === undefined ? [] : [`disk ${size(disk)}`]),
    ...(cpu === undefined ? [] : [`cpu ${cpu}`]),
    ...(nice === undefined ? [] : [`nice ${nice}`]),
    ...(stopGraceSeconds === undefined ? [] : [`grace ${stopGraceSeconds} s`]),
    ...(restart?.onFailure === true ? ["restart"] : []),
  ];
  return parts.length === 0 ? "no limit" : parts.join(", ");
}

function changeOf({ grace, ...named }: LimitOptions): AppSettingsChange {
  const wanted = Object.entries({ ...named, stopGraceSeconds: grace }).filter(([, value]) => value !== undefined);
  return AppSettingsChange.parse(
    Object.fromEntries(wanted.map(([name, value]) => [name, value === OFF ? null : value])),
  );
}

/** Checks an option by the same schema as the sidecar, so that what is wrong is said before anything is started. */
function read(field: keyof AppSettingsChange, parse: (text: string) => unknown) {
  return (text: string): unknown => {
    if (text === OFF) return OFF;
    const checked = AppSettingsChange.shape[field].safeParse(parse(text));
    if (checked.success) return checked.data;
    throw new InvalidArgumentError(`${checked.error.issues[0]?.message ?? "It cannot be used"}.`);
  };
}

/** What is none stays as it was written, for the message. */
const numberOr = (text: string): number | string => (Number.isFinite(Number(text)) ? Number(text) : text);

function limitsText({ holds, diskUsedBytes, enforced, runs }: AppSettingsNow): string {
  const { memoryBytes, diskBytes, cpu, nice, stopGraceSeconds, restartMost } = holds;
  const by = (what: Enforcement, watched: string): string => (what === "cgroup" ? "held by the system" : watched);
  const rows = [
    memoryBytes === null
      ? ["memory", "no limit", ""]
      : ["memory", memoryText(memoryBytes), by(enforced.memory, "watched: beyond it the run is stopped")],
    diskBytes === null
      ? ["disk", "no limit", ""]
      : [
          "disk",
          memoryText(diskBytes),
          `${diskUsedBytes === null ? "" : `${sizeText(diskUsedBytes)} used; `}beyond it nothing more is installed`,
        ],
    cpu === null
      ? ["cpu", "no limit", ""]
      : ["cpu", cpu === 1 ? "1 core" : `${cpu} cores`, by(enforced.cpu, "watched: beyond it the run gets nice 19")],
    ["nice", String(nice), ""],
    ["grace", `${stopGraceSeconds} s`, ""],
    ["restart", restartMost === null ? OFF : `at most ${restartMost} times in 10 minutes`, ""],
  ];
  const notes = runs.flatMap(({ runId, enforced: now, atNextStart }) => {
    const limited = [
      ...(memoryBytes !== null && now.memory === "watched" ? ["memory"] : []),
      ...(cpu !== null && now.cpu === "watched" ? ["cpu"] : []),
    ].filter((what) => enforced[what as keyof typeof enforced] === "cgroup");
    return [
      ...(limited.length === 0 ? [] : [`${runId}: ${limited.join(" and ")} watched until it is started again`]),
      ...(atNextStart.includes("nice") ? [`${runId}: nice takes effect when it is started again`] : []),
    ];
  });
  return [table(rows), ...notes].join("\n");
}
