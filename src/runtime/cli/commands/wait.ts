import { setTimeout as delay } from "node:timers/promises";
import { quotedWord } from "../../base/command-words.js";
import type { SidecarClient } from "../../client/sidecar-client.js";
import { PinokioError } from "../../protocol/errors.js";
import { isLive, type Run } from "../../protocol/runs.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { askUntilAnswered } from "../follow-run.js";
import { isMeantBy } from "../runs-meant.js";
import type { Session } from "../session.js";
import { errorText, onOneLine } from "../words.js";
import type { AddCommand } from "./command.js";
import { parseMs } from "./script.js";

/** How often it is looked whether a page answers by now; the sidecar asks the page once a second. */
const LOOK_EVERY_MS = 300;

export const addWait: AddCommand = (program, inSession) => {
  program
    .command("wait")
    .description("wait until a page of an app answers, and print its address")
    .argument("<app>", "an app, a script of it (app/start.js), or the id of a run")
    .option("--timeout <ms>", "give up after this long, with exit code 3", parseMs)
    .action((which: string, { timeout = Infinity }: { timeout?: number }) =>
      inSession(async (session) => {
        const found = await waitForPage(session.lastingClient(), which, timeout);
        return found.kind === "serves" ? tellServing(session, found.run) : tellWhyNot(session, which, found.run);
      }),
    );
};

type Found = { kind: "serves" | "ended" | "late"; run: Run };

/** Follows the runs that are meant, also those that are started meanwhile, until one serves or none is left. */
async function waitForPage(client: SidecarClient, which: string, limitMs: number): Promise<Found> {
  const end = performance.now() + limitMs;
  for (let watched: Run | null = null; ;) {
    const runs = await askUntilAnswered(() => client.request("runs.list", { fresh: true }));
    const meant = runs.filter(isMeantBy(which));
    const live = meant.filter(isLive);
    const serves = live.find(({ serving }) => serving?.isAnswering === true);
    if (serves !== undefined) return { kind: "serves", run: serves };
    const latest: Run | undefined = live.at(-1) ?? meant.find(({ id }) => id === watched?.id);
    if (latest === undefined) {
      throw new PinokioError("run-missing", `${which} does not run`, {
        hint: `Start it with: pinokiocloud run ${quotedWord(which)}`,
      });
    }
    if (!isLive(latest)) return { kind: "ended", run: latest };
    if (performance.now() >= end) return { kind: "late", run: latest };
    watched = latest;
    await delay(Math.min(LOOK_EVERY_MS, Math.max(0, end - performance.now())));
  }
}

function tellServing({ json, print }: Session, run: Run): ExitCode {
  print(json ? JSON.stringify(run) : onOneLine(run.serving?.url ?? run.script));
  return EXIT.done;
}

function tellWhyNot({ json, print, note }: Session, which: string, run: Run): ExitCode {
  const { code, message, hint } =
    run.end === null
      ? new PinokioError("timeout", `No page of ${which} answers yet`, {
          hint: `It goes on; see what it prints with: pinokiocloud logs ${quotedWord(which)}`,
        })
      : new PinokioError("run-missing", `${run.script} ended as ${run.end.outcome} before a page of it answered`, {
          hint: `See what it printed with: pinokiocloud logs ${quotedWord(which)}`,
        });
  const error = run.end?.error ?? { code, message, ...(hint === undefined ? {} : { hint }) };
  if (json) print(JSON.stringify({ error }));
  else note(errorText(error));
  return run.end === null || run.end.outcome === "stopped" ? EXIT.waiting : EXIT.failed;
}
