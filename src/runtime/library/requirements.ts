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

/** Other apps that must be up before an app's launch script starts: `PINOKIO_SCRIPT_REQUIRES`. */
export interface Requirements {
  /** Resolves when all of them are ready. Throws what keeps the script from starting. */
  meet(file: string, wish: Wish): Promise<void>;
}

/** What goes over from the script that is wanted to those that it needs. */
interface Wish {
  trace?: string | undefined;
  consent?: boolean | undefined;
  unattended?: boolean | undefined;
}

/** One app that is needed, and what it needs in turn. */
interface Needed {
  app: string;
  file: string;
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

  const bringUp = async ({ app, file }: Needed, wish: Wish): Promise<void> => {
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

  /** `met` holds those that were looked at: what several need is started once, and fails all of them. */
  const meetAll = async (needed: readonly Needed[], wish: Wish, met: Map<string, Promise<void>>): Promise<void> => {
    await Promise.all(
      needed.map((one) => {
        const found = met.get(one.file) ?? meetAll(one.needs, wish, met).then(() => bringUp(one, wish));
        met.set(one.file, found);
        return found;
      }),
    );
  };

  return {
    meet: async (file, wish) => {
      const app = appOf(api, file);
      if (app === null || launchScriptOf(api, app) !== file) return;
      await meetAll(needsOf(app, []), wish, new Map());
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
