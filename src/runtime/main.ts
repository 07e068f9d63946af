import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readVariable, SIDECAR_MALLOC } from "./config/environment-variables.js";
import { cleanEnvironment } from "./environments/process-env.js";
import { KnownSecrets } from "./environments/secrets.js";
import { writeShims } from "./environments/shims.js";
import { createJobs } from "./library/jobs.js";
import { openUpdates } from "./library/updates.js";
import { detectPlatform } from "./platforms/index.js";
import { theseSurroundings } from "./platforms/surroundings.js";
import { toWireError } from "./protocol/errors.js";
import { isUnderWay } from "./protocol/jobs.js";
import type { AppId } from "./protocol/ids.js";
import { VERSION } from "./protocol/version.js";
import { watchIdle } from "./server/idle.js";
import { createSidecarFiles } from "./sidecar/app-files.js";
import { createApps } from "./sidecar/apps.js";
import { createAppChanges } from "./sidecar/changes.js";
import { createSidecarCatalog } from "./sidecar/catalog.js";
import { createConfiguration } from "./sidecar/configuration.js";
import { openDoor } from "./sidecar/door.js";
import { createDurations } from "./sidecar/durations.js";
import { DiskBudgets } from "./sidecar/disk-budgets.js";
import { createEnvironments } from "./sidecar/environments.js";
import { createEnding, endOnSignals } from "./sidecar/ending.js";
import { HeldRuns } from "./sidecar/held-runs.js";
import { createFreeing } from "./sidecar/freeing.js";
import { createGitLogins } from "./sidecar/git-logins.js";
import { createAppRepositories, createAppStudio, createInstallWorld } from "./sidecar/installing.js";
import { AppLimits } from "./sidecar/limits.js";
import { MinimalMode } from "./sidecar/minimal-mode.js";
import { createSidecarModels } from "./sidecar/models.js";
import { createNews, followJobs, followRuns } from "./sidecar/news.js";
import { FirstMinutes } from "./sidecar/first-steps.js";
import { openHome } from "./sidecar/open-home.js";
import { createSidecarPackages } from "./sidecar/packages.js";
import { PagePath } from "./sidecar/page-path.js";
import { newPhase } from "./sidecar/phase.js";
import { createRecovery } from "./sidecar/recovery.js";
import { createRestartRuns, restartWorld } from "./sidecar/restart-runs.js";
import { writeRecords } from "./sidecar/records.js";
import { holdReserve } from "./sidecar/reserve.js";
import { createRuns } from "./sidecar/runs.js";
import { SecretsOfRuns } from "./sidecar/secrets-of-runs.js";
import { createAppShelf } from "./sidecar/shelf.js";
import { watchUsage } from "./sidecar/usage.js";
import { tidyWhenQuiet } from "./sidecar/tidy-memory.js";
import { tellingStarter, tellStarter } from "./sidecar/tell-starter.js";

/** How often a sidecar that may only look asks whether the home is free. */
const LOOK_AGAIN_MS = 30_000;

async function main(): Promise<void> {
  for (const [name, value] of Object.entries(SIDECAR_MALLOC)) if (process.env[name] === value) delete process.env[name]; // not for apps
  const { values } = parseArgs({ options: { home: { type: "string" } } });
  const surroundings = theseSurroundings();
  const platform = detectPlatform(surroundings);
  const env = cleanEnvironment(process.env);
  const bundles = dirname(fileURLToPath(import.meta.url));
  const node = process.execPath;
  const reaper = {
    script: join(bundles, "..", "reaper.py"),
    python: readVariable("PINOKIOCLOUD_PYTHON", process.env),
    path: process.env["PATH"],
  };

  const opened = openHome(resolve(values.home ?? platform.home(surroundings)));
  const { log, mode } = opened;
  const phase = newPhase();
  const news = createNews(log, mode === "full" ? opened.paths.notices : null);
  const jobs = createJobs();
  followJobs(jobs, news);
  const held = new HeldRuns(opened.appSettings, opened.settings.useCgroups);
  const pagePath = new PagePath(process.env);
  let clients = (): number => 0; // nobody is let in yet
  const secrets = new SecretsOfRuns(new KnownSecrets(opened.home, process.env), opened.paths.runs);
  const minimal = new MinimalMode(opened, news, () => clients() > 0 || runs.live.length > 0);
  const runs = createRuns(opened, { node, bundle: join(bundles, "runner.mjs"), env, reaper }, phase, {
    platform: platform.name,
    vault: platform.vault?.(surroundings) ?? null,
    pagePath: () => pagePath.now,
    lacks: () => minimal.lacks,
    checkRoom: (app) => budgets.check(app),
    isWatched: () => clients() > 0,
    hasAgreed: (app) => apps.library.hasAgreed(app),
    isChanging: (app) => changes.isChanging(app),
    againOf: (id) => recovery.restarts.of(id),
    repairingOf: (id) => recovery.repairs.of(id),
    handedTo: (app, script) => configuration.handedTo(app, script),
    gitLoginOf: (app) => gitLogins.write(app),
    secretsOf: (run, kin) => secrets.of({ run }, kin),
    groups: held.groups,
  });
  const secretsOfApp = (app: AppId): readonly Buffer[] =>
    secrets.of(
      { app },
      runs.supervisor.runs.filter(({ appId }) => appId === app),
    );
  const shelf = createAppShelf({
    opened,
    runs,
    news,
    jobs,
    apps: () => apps,
    isWatched: () => clients() > 0,
    updateOf: (id) => updates.of(id),
  });
  const repositories = createAppRepositories(opened, env);
  const gitLogins = createGitLogins<AppId>({
    local: opened.local,
    apps: () => apps.library.ids(),
    loginOf: (app) =>
      apps.library.record(app)?.needsLogin === true ? repositories.loginOf(join(opened.paths.api, app)) : null,
    inUse: () => runs.live.flatMap(({ id }) => runs.supervisor.requestOf(id)?.gitLogin?.file ?? []),
  });
  const durations = createDurations(opened, runs, news);
  const apps = createApps({
    opened,
    runs,
    installs: createInstallWorld({
      ...{ opened, runs, jobs, repositories, durations },
      catalog: () => catalog,
      failures: () => recovery.failures,
    }),
    examples: join(bundles, "examples"),
    launcherHost: { node, bundle: join(bundles, "launcher-host.mjs"), env },
    more: shelf.more,
    secretsOf: secretsOfApp,
    notices: news.notices,
    onChanged: (app) => {
      news.events.publish({ type: "app-changed", app });
      shelf.tellSoon();
      firstSteps.noteApp();
    },
    onRemoved: (appId) => {
      news.events.publish({ type: "app-removed", appId });
      shelf.tellSoon();
      budgets.lookAgain();
      gitLogins.tidy();
    },
  });
  const firstSteps = new FirstMinutes({
    file: opened.paths.firstSteps,
    mayWrite: mode === "full",
    policy: platform.policy,
    hasApps: () => apps.library.ids().length > 0,
    news,
  });
  const recovery = createRecovery({
    ...{ opened, runs, news, phase, library: apps.library },
    configuration: () => configuration.configuration,
  });
  const restarts = createRestartRuns(
    restartWorld({ opened, runs, library: apps.library, isChanging: (app) => changes.isChanging(app) }),
  );
  const configuration = createConfiguration({ opened, runs, apps, news, restarts });
  for (const problem of [...opened.problems, apps.problem]) if (problem !== null) news.warn(problem);
  const catalog = createSidecarCatalog({ opened, news, bundles, platform, node, views: apps.views, runs });
  const environments = createEnvironments({
    ...{ opened, runs, news, env },
    holds: (id) => packages.holds(id),
    lacks: () => minimal.lacks,
  });
  const budgets = new DiskBudgets(opened, runs, news, environments);
  const usage = watchUsage(opened, {
    ...{ runs, news, failures: recovery.failures },
    apps: () => apps.library.ids(),
    isAtWork: () => jobs.all.some(isUnderWay),
  });
  const limits = new AppLimits(opened, held, runs, apps, news, budgets);
  const changes = createAppChanges({
    ...{ opened, runs, apps, jobs, news, env, repositories, environments },
    neededBy: (app) => packages.needApp(app),
    letBe: (id) => recovery.restarts.cancel(id),
    filesFor: (app) => configuration.configuration.filesFor(app),
    onLooked: (look) => updates.note(look),
    onChanged: (app, isAsBefore) => {
      if (!isAsBefore) updates.forget(app);
      files.forget(app);
      gitLogins.tidy();
    },
  });
  const files = createSidecarFiles({
    ...{ opened, apps, env },
    isChanging: (app) => changes.isChanging(app),
    secretsOf: secretsOfApp,
  });
  const updates = openUpdates({
    file: join(opened.home, "library", "updates.json"),
    mayWrite: mode === "full",
    onProblem: news.warn,
    onChanged: (app) => apps.views.refreshSoon(app),
    ids: () => apps.library.ids(),
    look: (app, signal) => changes.look(app, signal),
    now: () => new Date(),
  });
  const packages = createSidecarPackages({
    ...{ opened, runs, apps, jobs, news, catalog, changes, environments, repositories },
  });
  const models = createSidecarModels({ opened, jobs, isWatched: () => clients() > 0 });
  const freeing = createFreeing({
    ...{ opened, runs, jobs, env, environments, models, changes },
    lacks: () => minimal.lacks,
    isWatched: () => clients() > 0,
    apps: () => apps.library.ids(),
  });
  const following = followRuns(runs, apps, news, log);

  const end = createEnding({
    ...{ opened, phase, runs, jobs },
    closeDoor: (reason, asked) => door.close(reason, asked),
    workers: () => [
      ...[idle, tidy, following, usage, recovery.restarts, limits, shelf, updates, budgets, environments, catalog],
      ...[minimal, runs.supervisor, apps],
    ],
  });

  if (mode === "full") {
    await runs.supervisor.reconnect(); // before listening: a client must never see a live run as missing
    apps.library.settleInstalls(runs.supervisor.runs);
    await tellingStarter(() => changes.settle());
    gitLogins.tidy();
    recovery.restarts.begin();
    limits.begin();
    shelf.begin();
    runs.begin();
  }
  const door = await openDoor({
    opened,
    platform,
    runs,
    apps,
    catalog,
    jobs,
    studio: createAppStudio({
      ...{ opened, runs, apps, jobs, changes },
      forget: (id) => {
        shelf.statistics.forget(id);
        durations.forget(id);
      },
    }),
    changes: budgets.around(changes),
    restarts,
    files,
    updates,
    shelf,
    environments,
    packages,
    models,
    freeing,
    configuration,
    minimal,
    pagePath,
    news,
    phase,
    durations,
    meter: usage.meter,
    recovery,
    limits,
    firstSteps,
    screenProgram: { node, bundle: join(bundles, "screen-host.mjs"), codeCache: opened.local.codeCache },
    end,
  });
  clients = () => door.clients;
  const idle = watchIdle({
    minutes: () => opened.settings.idleMinutes,
    isBusy: () =>
      door.clients > 0 ||
      runs.live.length > 0 ||
      jobs.all.some(isUnderWay) ||
      recovery.restarts.isWaiting ||
      recovery.repairs.isAny,
    onIdle: () => end(`Nothing ran and nobody was connected for ${opened.settings.idleMinutes} minutes`),
  });
  const tidy = tidyWhenQuiet(() => door.clients > 0);
  if (mode === "read-only") {
    const look = setInterval(() => {
      if (opened.isFreeAgain()) end("The home is free again: the next sidecar can change it");
    }, LOOK_AGAIN_MS);
    look.unref();
  }
  endOnSignals(end, opened);
  writeRecords(opened);
  log.write("info", "listening", { version: VERSION, pid: process.pid, node: process.version, mode });
  tellStarter({ ready: true });
  if (mode === "full") {
    // Whoever starts the sidecar does not wait for them, and no request is looked at before they are there.
    const searchPath = process.env["PATH"] ?? "";
    const problem = writeShims({ home: opened.home, node, commandLine: join(bundles, "cli.mjs"), searchPath });
    if (problem !== null) log.write("warn", "programs not written", { problem });
    holdReserve(opened.home, jobs);
  }
}

main().catch((error: unknown) => {
  const told = toWireError(error);
  tellStarter({ error: told });
  process.stderr.write(`${told.message}${told.hint === undefined ? "" : `\n${told.hint}`}\n`);
  process.exit(1);
});
