import { existsSync } from "node:fs";
import { join } from "node:path";
import { quotedWord } from "../base/command-words.js";
import { parseGitAddress } from "../base/git-address.js";
import { isOnlyHere } from "../base/git-known.js";
import { machinePrograms } from "../base/machine-programs.js";
import type { Configuration } from "../configuration/configuration.js";
import { commitOf } from "../library/commit.js";
import type { InstalledApp } from "../library/installed-store.js";
import type { Jobs } from "../library/jobs.js";
import { repositoryOf } from "../library/origin.js";
import { createOthersTransfer } from "../library/transfer-others.js";
import { createTransfer, type Transfer, type TransferWorld } from "../library/transfer.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";
import type { AppOrigin, ExportedApp } from "../protocol/library-file.js";
import type { Apps } from "./apps.js";
import type { AppShelf } from "./shelf.js";
import type { OpenedHome } from "./open-home.js";
import { overWith } from "./over-with.js";
import { othersWorld, type OthersParts } from "./transfer-others.js";

/** Takes a library to another machine, and back. */
export function createLibraryTransfer({
  opened,
  apps,
  shelf,
  jobs,
  configuration,
  ...others
}: {
  opened: OpenedHome;
  apps: Apps;
  shelf: AppShelf;
  jobs: Jobs;
  configuration: Configuration;
} & Pick<OthersParts, "catalog" | "packages">): Transfer {
  const { library, views, samples } = apps;
  const folderOf = (id: AppId): string => join(opened.paths.api, id);

  const originOf: TransferWorld["originOf"] = async (id) => {
    const record = library.record(id);
    const { title } = await library.get(id);
    const folder = record?.source ?? folderOf(id);
    const sample = samples().find((known) => known.folder === folder)?.id ?? null;
    const origin = await whereFrom(record, folderOf(id));
    const commit = await commitOf(folderOf(id));
    const lost = sample === null ? await lostElsewhere(folderOf(id), { origin, commit, record }) : null;
    return {
      title: title.slice(0, 200),
      origin,
      package: record?.package ?? sample,
      commit,
      agreed: record?.agreed ?? null,
      ...(lost === null ? {} : { warnings: [lost] }),
    };
  };

  /** What `apps.install` takes for it on this machine, or null. */
  const sourceOf = ({ origin, package: name, commit }: ExportedApp): string | null => {
    if (origin?.kind === "git") {
      if (parseGitAddress(origin.repository) === null) return null;
      if (origin.branch !== null) return `${origin.repository}#${origin.branch}${commit === null ? "" : `@${commit}`}`;
      return commit === null ? origin.repository : `${origin.repository}@${commit}`;
    }
    const sample = samples().find(({ id }) => id === name)?.folder;
    if (sample !== undefined) return sample;
    return origin?.kind === "folder" && existsSync(origin.folder) ? origin.folder : null;
  };

  const over = overWith(jobs);

  /** Of the same place: whatever else has that name here is a person's own. */
  const isUnfinished = ({ id, origin }: ExportedApp): boolean => {
    const record = library.ids().includes(id) ? library.record(id) : null;
    if (record === null || record.state === "installed" || record.installers.length === 0) return false;
    return origin?.kind === "git" ? record.repository === origin.repository : record.source === origin?.folder;
  };

  const install = async (app: ExportedApp, signal: AbortSignal): Promise<void> => {
    if (isUnfinished(app)) {
      const { job } = await library.resume(app.id, { unattended: true });
      return over(job, signal);
    }
    const source = sourceOf(app);
    if (source === null) throw new PinokioError("source-unsupported", notHere(app));
    await over(await library.fetch(source), signal);
    const { fingerprint, commit } = await library.inspect(source);
    requireSame(app, { fingerprint, commit });
    signal.throwIfAborted();
    const { job } = await library.install({ source, name: app.id, agreed: fingerprint, unattended: true });
    await over(job, signal);
    followBranch(app);
  };

  /** It stands at its commit, and looks for updates where it did before. */
  const followBranch = ({ id, origin }: ExportedApp): void => {
    const record = library.record(id);
    if (record === null || origin?.kind !== "git" || origin.branch === null) return;
    library.setRecord(id, { ...record, source: origin.repository, branch: origin.branch });
    views.refreshSoon(id);
  };

  return createTransfer({
    shelf: shelf.store,
    jobs,
    others: createOthersTransfer(othersWorld({ ...others, opened, jobs })),
    ids: () => library.ids(),
    originOf,
    settingsOf: (id) => opened.appSettings.written(id),
    changeSettings: (id, change) => {
      opened.appSettings.change(id, change);
      views.refreshSoon(id);
    },
    presetsOf: (id) => configuration.presets(id),
    keepPreset: async (id, { name, values }) => void (await configuration.savePreset(id, name, values)),
    setOf: (id) => configuration.setHere(id),
    wouldSet: (id, values) => configuration.wouldSet(id, values),
    set: (id, values) => configuration.setAsElsewhere(id, values),
    obstacleTo: (app) =>
      sourceOf(app) === null
        ? new PinokioError("source-unsupported", notHere(app), {
            hint: "Bring the folder to this machine and install it by hand; what was written about the app is here",
          })
        : null,
    isUnfinished,
    install,
    now: () => new Date(),
  });
}

async function whereFrom(record: InstalledApp | null, folder: string): Promise<AppOrigin> {
  if (record?.repository != null) return { kind: "git", repository: record.repository, branch: record.branch };
  return (await repositoryOf(folder)) ?? { kind: "folder", folder: record?.source ?? folder };
}

/** What keeps another machine from getting the app as it is here, or null. */
async function lostElsewhere(
  app: string,
  { origin, commit, record }: { origin: AppOrigin; commit: string | null; record: InstalledApp | null },
): Promise<string | null> {
  if (origin.kind === "folder") return `It comes from the folder ${origin.folder}: another machine needs that too`;
  const known = record?.commit ?? null;
  const isLost = commit !== null && (await isOnlyHere(app, { commit, known }, machinePrograms(process.env)));
  return isLost ? `It stands at the commit ${commit.slice(0, 12)}, which ${origin.repository} does not have` : null;
}

const fromText = ({ origin, id }: ExportedApp): string =>
  origin === null ? id : quotedWord(origin.kind === "git" ? origin.repository : origin.folder);

const notHere = ({ origin }: ExportedApp): string =>
  origin?.kind === "folder"
    ? `It was installed from the folder ${origin.folder}, which is not on this machine`
    : "It cannot be installed from there on this machine";

/** The consent to the list is one to exactly these commits; without a commit, to the scripts that were agreed to there. */
function requireSame(app: ExportedApp, found: { fingerprint: string; commit: string | null }): void {
  if (app.commit !== null && app.commit === found.commit) return;
  if (app.agreed !== null && app.agreed === found.fingerprint) return;
  throw new PinokioError(
    "agreement-needed",
    "Its scripts are not those that were agreed to where the file comes from",
    {
      hint: `Install ${app.title} by hand, and look at what it will run: pinokiocloud install ${fromText(app)}`,
    },
  );
}
