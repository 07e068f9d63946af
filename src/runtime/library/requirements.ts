import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PinokioError } from "../protocol/errors.js";
import { isLive, type Run } from "../protocol/runs.js";
import { environmentOf, launchScriptOf } from "./app-environment.js";

export interface RequirementsWorld {
  api: string;
  latestOf(file: string): Run | null;
  /** Starts a script whose own requirements are met. */
  start(file: string, wish: Wish): Promise<Run>;
  /** Resolves once the run is ready or over. */
  settled(run: Run): Promise<Run>;
}

/** An app that must be up before, and the script that brings it up. */
interface Requirement {
  app: string;
  file: string;
}

/** Other apps that must be up before an app's launch script starts: `PINOKIO_SCRIPT_REQUIRES`. */
export interface Requirements {
  /** Those that are not ready. Throws where they can never be. */
  missing(file: string): Requirement[];
  /** Brings them up and resolves when all of them are ready. Throws what keeps the script from starting. */
  meet(file: string, wish: Wish, how: Meeting): Promise<void>;
}

interface Meeting {
  /** Whoever wanted it does no more: nothing else is started for it. */
  signal: AbortSignal;
  /** Another one is ready; what is still missing. */
  onMet(missing: readonly Requirement[]): void;
}

/** What goes over from the script that is wanted to those that it needs. */
interface Wish {
  trace?: string | undefined;
  consent?: boolean | undefined;
  unattended?: boolean | undefined;
}

/** With what it needs in turn. */
interface Needed extends Requirement {
  needs: Needed[];
}

const BETWEEN_LOOKS_MS = 1_000;

export function createRequirements({ api, latestOf, start, settled }: RequirementsWorld): Requirements {
  const needsOf = (app: string, above: readonly string[]): Needed[] =>
    namesIn(environmentOf(api, app)["PINOKIO_SCRIPT_REQUIRES"], app).map((name) => {
      const chain = [...above, app];
      if (chain.includes(name)) {
        throw blocked(`Requirement cycle detected: ${[...chain.slice(chain.indexOf(name)), name].join(" -> ")}`);
      }
      if (!existsSync(join(api, name))) throw blocked(`Required app is not installed: ${name}`);
      const file = launchScriptOf(api, name);
      if (file === null || !existsSync(file)) throw blocked(`Required app has no launch script selected: ${name}`);
      return { app: name, file, needs: needsOf(name, chain) };
    });

  const allNeedsOf = (file: string): Needed[] => {
    const app = appOf(api, file);
    return app === null || launchScriptOf(api, app) !== file ? [] : needsOf(app, []);
  };

  /** Each of them once, the nearest first. */
  const missingOf = (needed: readonly Needed[]): Requirement[] => {
    const found = new Map<string, Requirement>();
    for (const list of [needed, needed.flatMap(({ needs }) => missingOf(needs))]) {
      for (const { app, file } of list) if (!found.has(file)) found.set(file, { app, file });
    }
    return [...found.values()].filter(({ file }) => {
      const known = latestOf(file);
      return known === null || !isReady(known);
    });
  };

  const bringUp = async ({ app, file }: Needed, wish: Wish, { signal }: Meeting): Promise<void> => {
    signal.throwIfAborted();
    const known = latestOf(file);
    if (known !== null && isReady(known)) return;
    const begun = known !== null && isLive(known) ? known : await start(file, wish);
    let run = await settled(begun);
    while (!isReady(run) && isLive(run)) {
      await delay(BETWEEN_LOOKS_MS);
      run = await settled(run);
    }
    if (!isReady(run)) throw blocked(`Required app did not start: ${app} (${whyNot(run)})`);
  };

  return {
    missing: (file) => missingOf(allNeedsOf(file)),
    meet: async (file, wish, how) => {
      const needed = allNeedsOf(file);
      /** Those that were looked at: what several need is started once, and fails all of them. */
      const met = new Map<string, Promise<void>>();
      const meetAll = async (list: readonly Needed[]): Promise<void> => {
        await Promise.all(
          list.map((one) => {
            const found = met.get(one.file) ?? meetAll(one.needs).then(() => bringUp(one, wish, how));
            met.set(one.file, found);
            return found.then(() => how.onMet(missingOf(needed)));
          }),
        );
      };
      await meetAll(needed);
    },
  };
}

const whyNot = ({ end }: Run): string =>
  end?.error?.message ?? (end?.outcome === "stopped" ? "it was stopped" : `it ended as ${end?.outcome}`);

const isReady = (run: Run): boolean => run.state === "ready" || run.end?.outcome === "finished";

const blocked = (message: string): PinokioError =>
  new PinokioError("requirement-missing", message, {
    hint: "The app's ENVIRONMENT file names it in PINOKIO_SCRIPT_REQUIRES",
  });

function appOf(api: string, file: string): string | null {
  if (!file.startsWith(`${api}/`)) return null;
  const [app = "", ...rest] = file.slice(api.length + 1).split("/");
  return app === "" || rest.length === 0 ? null : app;
}

function namesIn(list: string | undefined, self: string): string[] {
  const names = (list ?? "").split(",").map((name) => decoded(name.trim()).trim());
  return [...new Set(names)].filter((name) => name !== "" && name !== self && !/[\\/]/.test(name));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
