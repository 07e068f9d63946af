import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { isPortFree } from "../base/free-port.js";
import { graphicsLater } from "../base/graphics.js";
import { namesIn } from "../base/names-in.js";
import type { OwnArguments } from "../base/own-arguments.js";
import { changeSecrets, readSecrets, secretPaths } from "../base/secret-store.js";
import { Configuration } from "../configuration/configuration.js";
import { sharedSecretsFor } from "../configuration/shared-secrets.js";
import { EnvironmentFiles } from "../environments/environment-files.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId, RunId } from "../protocol/ids.js";
import type { LauncherSettings } from "../protocol/launcher.js";
import { isLive, type Run } from "../protocol/runs.js";
import type { ConfigParts } from "../server/handlers/config.js";
import type { Apps } from "./apps.js";
import { agreedKeeper } from "./keep-agreed.js";
import { tellOfKeptApart } from "./kept-apart.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { RestartRuns } from "./restart-runs.js";
import type { Runs } from "./runs.js";

export interface AppConfiguration extends ConfigParts {
  /** What a run of an app's script gets of what a person has set. */
  handedTo(app: AppId, script: string): { ownArguments: OwnArguments[]; secrets: string[] };
}

interface ConfigurationParts {
  opened: OpenedHome;
  runs: Runs;
  apps: Pick<Apps, "library" | "launcherSettings">;
  news: News;
  restarts: RestartRuns;
}

const GIT_MS = 3_000;
const GIT_BYTES = 300 * 1024;

/** Settings of apps, put together with what runs, what the machine has and who watches. */
export function createConfiguration({ opened, runs, apps, news, restarts }: ConfigurationParts): AppConfiguration {
  const { home, paths, mode } = opened;
  tellOfKeptApart(opened, news.warn);
  const launchers = rememberedLaunchers(paths.api, apps.launcherSettings);
  const liveOf = (app: AppId): Run[] => {
    const live = runs.live.filter(({ appId, state }) => appId === app && state !== "stopping");
    return live.filter(({ parent }) => !live.some(({ id }) => id === parent)); // a part starts again with the whole
  };
  const configuration = new Configuration({
    home,
    api: paths.api,
    drive: paths.drive,
    library: dirname(paths.installed),
    launcher: launchers,
    gpus: async () => (await graphicsLater(home)).gpus.map(({ model }, index) => ({ index, name: model })),
    environmentOf: (app) => {
      const files = new EnvironmentFiles(home, join(paths.api, app));
      if (mode !== "read-only") files.create();
      return { file: files.appFileName, usual: files.usualText() };
    },
    ownerOf: (app) => {
      const record = mode === "read-only" ? null : apps.library.record(app);
      return record === null ? null : (record.repository ?? record.source);
    },
    original: (file) => committed(file, paths.api),
    portTaken: async (port, app) => {
      if (await isPortFree(port)) return null;
      const holder = runs.live.find(({ serving }) => serving?.ports.includes(port) === true);
      return holder === undefined ? "another program" : holder.appId === app ? null : holder.script;
    },
    runs: (app) =>
      liveOf(app).map(({ id, script, startedAt }) => ({ id, startedAt, script: script.slice(app.length + 1) })),
    onChanged: (appId) => news.events.publish({ type: "config-changed", appId }),
    keepAgreed: agreedKeeper(paths.api, apps.library),
    now: () => new Date(),
  });

  const restartOutdated = async (app: AppId): Promise<RunId[]> => {
    const started: RunId[] = [];
    for (const id of await configuration.outdated(app)) {
      const run = runs.supervisor.get(id);
      if (run === null || !isLive(run)) continue;
      started.push((await restarts.one(run)).run.id);
    }
    news.events.publish({ type: "config-changed", appId: app });
    return started;
  };

  return {
    configuration,
    restartOutdated,
    secrets: async () => {
      const shared = readSecrets(secretPaths.shared(home));
      const wanted = new Map<string, { apps: AppId[]; setFor: AppId[] }>();
      for (const app of apps.library.ids()) {
        for (const { name, isSet } of await configuration.secretsOf(app).catch(() => [])) {
          const known = wanted.get(name) ?? { apps: [], setFor: [] };
          const has = isSet || Object.hasOwn(shared, name);
          wanted.set(name, { apps: [...known.apps, app], setFor: has ? [...known.setFor, app] : known.setFor });
        }
      }
      for (const name of Object.keys(shared)) if (!wanted.has(name)) wanted.set(name, { apps: [], setFor: [] });
      return [...wanted]
        .map(([name, { apps: all, setFor }]) => ({ name, apps: all, setFor, isSet: setFor.length === all.length }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    setSecrets: (values) => {
      requireKnown(values, readSecrets(secretPaths.shared(home)));
      changeSecrets(secretPaths.shared(home), values);
      for (const appId of apps.library.ids()) news.events.publish({ type: "config-changed", appId });
      return Object.keys(values);
    },
    handedTo: (app, script) => {
      configuration.settle(app);
      return { ownArguments: grouped(configuration.flagsOf(app, script)), secrets: sharedSecretsFor(home, app) };
    },
  };
}

/** What is to be forgotten has to be there. */
function requireKnown(values: Readonly<Record<string, string | null>>, shared: Readonly<Record<string, string>>): void {
  const unknown = Object.keys(values).filter((name) => values[name] === null && !Object.hasOwn(shared, name));
  if (unknown.length === 0) return;
  throw new PinokioError("request-invalid", `No secret named ${unknown.join(", ")} is kept for every app`, {
    hint: "One that was set for a single app is taken away with: pinokiocloud config set <app> <name>=",
  });
}

function grouped(flags: ReturnType<Configuration["flagsOf"]>): OwnArguments[] {
  const programs = new Map<string, OwnArguments>();
  for (const { program, flag, value, alone, many } of flags) {
    const key = JSON.stringify(program);
    const before = programs.get(key)?.flags ?? [];
    programs.set(key, { program, flags: [...before, { flag, value, alone, many }] });
  }
  return [...programs.values()];
}

/** A launcher is asked again only when one of the files beside it has changed. */
function rememberedLaunchers(
  api: string,
  ask: (folder: string) => Promise<LauncherSettings>,
): (app: AppId) => Promise<LauncherSettings> {
  const known = new Map<AppId, { stamp: string; settings: Promise<LauncherSettings> }>();
  return async (app) => {
    const folder = join(api, app);
    const stamp = stampOf(folder);
    const before = known.get(app);
    if (before?.stamp === stamp) return before.settings;
    // Code that cannot be looked at has no settings that could be found; the rest of the form is there.
    const settings = ask(folder).catch(() => ({ scripts: [] }));
    known.set(app, { stamp, settings });
    return settings;
  };
}

function stampOf(folder: string): string {
  return [folder, join(folder, "pinokio")]
    .flatMap((place) => namesIn(place).map((name) => join(place, name)))
    .filter((file) => /\.(?:js|json)$/.test(file))
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found === undefined ? file : `${file} ${found.ino} ${found.mtimeMs} ${found.size}`;
    })
    .join("\n");
}

/** A file's text in the commit that is checked out, or null. Repositories around the apps are nobody's here. */
async function committed(file: string, api: string): Promise<string | null> {
  const args = ["-C", dirname(file), "cat-file", "blob", `HEAD:./${basename(file)}`];
  const env = { PATH: process.env["PATH"], GIT_CEILING_DIRECTORIES: api, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };
  try {
    const { stdout } = await promisify(execFile)("git", args, { env, timeout: GIT_MS, maxBuffer: GIT_BYTES });
    return stdout;
  } catch {
    return null; // not committed, too large, or there is no git
  }
}
