import type { SidecarClient } from "../../client/sidecar-client.js";
import type { Failure } from "../../protocol/failures.js";
import { isLive, isTakenBack, type Run } from "../../protocol/runs.js";
import { diskBudgetOf, diskBudgetText } from "../disk-budgets.js";
import { EXIT } from "../exit-codes.js";
import { takenBackText } from "../failed-run.js";
import { failureOf } from "../failure-of.js";
import { runsWithoutSidecar } from "../live-runs.js";
import { progressLines } from "../progress-bar.js";
import { tellNotices } from "../tell-notices.js";
import { findSidecar } from "../start-sidecar.js";
import { heldElsewhere } from "../../storage/home-lock.js";
import { homePaths } from "../../storage/paths.js";
import { onOneLine, runLine } from "../words.js";
import type { AddCommand } from "./command.js";
import { sizeText } from "../../protocol/sizes.js";

export const addStatus: AddCommand = (program, inSession) => {
  program
    .command("status")
    .description("say what runs in this home, what will, and what failed last; starts nothing")
    .action(() =>
      inSession(async (session) => {
        const { place, json, print } = session;
        if (findSidecar(place) === null) {
          const left = runsWithoutSidecar(place.home);
          const holder = heldElsewhere(homePaths(place.home))?.host ?? null;
          if (json) print(JSON.stringify({ running: false, home: place.home, runs: left, usedBy: holder }));
          else print([noSidecarText(place.home, holder), ...leftTexts(left)].join("\n"));
          return EXIT.done;
        }
        const client = await session.client();
        const status = await client.request("sidecar.status", {});
        const known = await client.request("runs.list", { fresh: true });
        const runs = known.filter(isLive);
        const again = known.filter((run) => run.again !== undefined);
        const failed = await failedLast(client, known);
        if (json) {
          print(JSON.stringify({ running: true, ...status, runs, again, failed }));
          return EXIT.done;
        }
        print(
          `Sidecar ${status.version}, process ${status.pid}, ${sizeText(status.memoryBytes)}, since ${status.startedAt}`,
        );
        print(
          `Home    ${status.home}${status.mode === "full" ? "" : `  (${status.mode}: ${status.modeReason ?? ""})`}`,
        );
        print(`Log     ${status.logFile}`);
        print(
          runs.length === 0 ? "No app runs" : runs.flatMap((run) => [runLine(run), ...progressLines(run)]).join("\n"),
        );
        for (const app of new Set(runs.flatMap(({ appId }) => appId ?? []))) {
          const budget = await diskBudgetOf(client, app);
          if (budget !== null) print(onOneLine(`Disk    ${app}: ${diskBudgetText(budget)}`));
        }
        for (const run of again) print(againLine(run));
        if (failed !== null) print(failedText(failed));
        tellNotices(session, status.notices);
        return EXIT.done;
      }),
    );
};

const noSidecarText = (home: string, holder: string | null): string =>
  holder === null
    ? `No sidecar runs for ${home}`
    : onOneLine(`No sidecar runs here for ${home}. The machine ${holder} is using this home`);

/** Apps outlive the sidecar. */
const leftTexts = (left: readonly Run[]): string[] =>
  left.length === 0
    ? []
    : ["These go on without it:", ...left.map(runLine), "`pinokiocloud up` starts it again, and finds them"];

type FailedRun = Run & { failure: Failure | null; isUndone: boolean };

/** The run that failed last, unless its script has been started since. */
async function failedLast(client: SidecarClient, runs: readonly Run[]): Promise<FailedRun | null> {
  const ended = runs.filter(
    ({ script, end }, at) => end !== null && runs.findLastIndex((run) => run.script === script) === at,
  );
  const [latest] = ended
    .filter(({ end }) => end?.outcome === "failed" || end?.outcome === "crashed")
    .sort((one, other) => endedAt(other) - endedAt(one));
  if (latest === undefined) return null;
  const isUndone = isTakenBack(latest, (id) => runs.find((run) => run.id === id) ?? null);
  return { ...latest, failure: await failureOf(client, latest), isUndone };
}

const endedAt = ({ end }: Run): number => Date.parse(end?.at ?? "");

function againLine({ id, script, again }: Run): string {
  const at = again?.at ?? "";
  const seconds = Math.max(0, Math.ceil((Date.parse(at) - Date.now()) / 1_000));
  const which = again === undefined ? "" : ` (${again.attempt} of ${again.most})`;
  return onOneLine(`${id}  again     ${script}  in ${seconds} s, at ${at}${which}`);
}

function failedText({ id, appId, script, end, failure, isUndone }: FailedRun): string {
  const why = failure?.sentence ?? end?.error?.message ?? `it ended as ${end?.outcome}`;
  const where = failure?.part === undefined ? "" : ` (in ${failure.part.script})`;
  return [
    onOneLine(`Failed last, at ${end?.at}: ${script}${where}: ${why}`),
    isUndone ? takenBackText(appId) : `What can be done: pinokiocloud repair ${id}`,
  ].join("\n");
}
