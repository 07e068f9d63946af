import { rm } from "node:fs/promises";
import { join } from "node:path";
import { namesIn } from "../../base/names-in.js";
import { PinokioError, toWireError } from "../../protocol/errors.js";
import type { AppId } from "../../protocol/ids.js";
import type { Jobs } from "../jobs.js";
import { BEFORE } from "./before-script.js";
import { FRESH } from "./fresh-copy.js";
import { type ChangeKind, type Journal, openJournals } from "./journal.js";
import { settleReset } from "./reset.js";
import { settleRestore } from "./restore.js";
import { settleUninstall } from "./uninstall.js";
import { settleUpdate } from "./update.js";
import type { ChangesWorld, Settled } from "./world.js";

interface CutOffOptions {
  world: ChangesWorld;
  jobs: Jobs;
  /** Entries of the trash that nobody else may touch. */
  busy: Set<string>;
}

type Settle = (journal: Journal, world: ChangesWorld) => Promise<Settled>;

const SETTLES: Readonly<Record<ChangeKind, Settle>> = {
  uninstall: settleUninstall,
  reset: settleReset,
  restore: settleRestore,
  update: settleUpdate,
};

/** Changes that were cut off in the middle. */
interface CutOff {
  settle(): Promise<void>;
  /**
   * Of one app, before it is changed anew: what of it could not be finished or undone then. Where the app `goes`, an
   * update that cannot be taken back is left as it stands: nothing keeps a person from removing an app.
   */
  settleOf(app: AppId, how?: { goes?: boolean }): Promise<void>;
}

export function createCutOff({ world, jobs, busy }: CutOffOptions): CutOff {
  const { home, api } = world;

  /** Returns why what a person wanted is not done, or null. */
  const settleOne = async (journal: Journal): Promise<string | null> => {
    const { app, kind, entry } = journal.page;
    try {
      const { message, isDone } = await SETTLES[kind](journal, world);
      world.tell(isDone ? "info" : "warning", message, app);
      return isDone ? null : message;
    } catch (error) {
      busy.add(entry); // the next start tries again
      const why = `What ${app} was in the middle of (${kind}) could not be finished: ${toWireError(error).message}`;
      world.tell("error", why, app);
      return why;
    }
  };

  /** Its script may go on for a long time yet. */
  const settleLater = (journal: Journal): void => {
    const { app, entry } = journal.page;
    jobs.start({
      kind: "update",
      appId: app,
      title: `Finish updating ${app}`,
      work: async () => {
        busy.add(entry);
        const why = await settleOne(journal).finally(() => busy.delete(entry));
        if (why !== null) throw new PinokioError("step-failed", why);
      },
    });
  };

  return {
    settle: async () => {
      const { journals, problems } = openJournals(home);
      for (const { message, hint } of problems)
        world.tell("error", hint === undefined ? message : `${message}. ${hint}`, null);
      for (const journal of journals) {
        if (!hasRun(journal)) await settleOne(journal);
        else settleLater(journal);
      }
      await removeLeft(api, openJournals(home).journals);
    },
    settleOf: async (app, { goes = false } = {}) => {
      const left = openJournals(home).journals.find(({ page }) => page.app === app);
      if (left === undefined) return;
      const why = await settleOne(left);
      if (goes && left.page.kind === "update") left.close();
      if (openJournals(home).journals.some(({ page }) => page.app === app))
        throw new PinokioError("step-failed", why ?? `What ${app} was in the middle of is not finished`);
      busy.delete(left.page.entry);
    },
  };
}

const hasRun = ({ page }: Journal): boolean => page.kind === "update" && page.step === "script";

/** What a reset was making, and an update was keeping, when it was cut off. */
async function removeLeft(api: string, open: readonly Journal[]): Promise<void> {
  for (const name of namesIn(api).filter((one) => [FRESH, BEFORE].some((mark) => one.startsWith(mark)))) {
    const isNeeded = open.some(({ page }) => [FRESH, BEFORE].some((mark) => name === `${mark}${page.app}`));
    if (!isNeeded) await rm(join(api, name), { recursive: true, force: true });
  }
}
