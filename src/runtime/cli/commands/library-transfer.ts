import { resolve } from "node:path";
import type { SidecarClient } from "../../client/sidecar-client.js";
import { PinokioError } from "../../protocol/errors.js";
import type { AppId, JobId } from "../../protocol/ids.js";
import type { Job } from "../../protocol/jobs.js";
import { type ImportResult, LibraryFile, MOST_LIBRARY_FILE_BYTES } from "../../protocol/library-file.js";
import { requireKnownVersion } from "../../protocol/library-version.js";
import { saysYes } from "../ask/prompt.js";
import { followChange } from "../change-job.js";
import { EXIT } from "../exit-codes.js";
import { readText, writeNew } from "../text-files.js";
import type { Session } from "../session.js";
import { errorText, onOneLine, table } from "../words.js";
import type { AddCommand } from "./command.js";

export const addTransfer: AddCommand = (library, inSession) => {
  library
    .command("export")
    .description(
      "write the whole library into one file: apps, other packages, sources, notes, folders and settings; no secrets",
    )
    .argument("[file]", "where to; without it, or for -, the file is printed")
    .option("--force", "replace a file that is there")
    .action((file: string | undefined, { force = false }: { force?: boolean }) =>
      inSession(async (session) => {
        const exported = await (await session.client()).request("library.export", {});
        const text = `${JSON.stringify(exported, null, 2)}\n`;
        const warnings = warningsOf(exported);
        if (file === undefined || file === "-") session.print(session.json ? JSON.stringify(exported) : text);
        else {
          const path = resolve(file);
          writeNew(path, text, force);
          const { apps, packages, sources } = exported;
          const counts = { apps: apps.length, packages: packages.length, sources: sources.length };
          session.print(session.json ? JSON.stringify({ file: path, ...counts, warnings }) : heldText(counts, path));
        }
        for (const { appId, warning } of warnings) {
          session.note(onOneLine(appId === null ? warning : `${appId}: ${warning}`));
        }
        return EXIT.done;
      }),
    );

  library
    .command("import")
    .description("install what an exported library holds, at the same commits, and take over what was set and written")
    .argument("<file>", "a file that `library export` has written")
    .option("-y, --yes", "agree to all that it names, without being asked")
    .option("--no-install", "take over only notes, tags, folders and settings of apps that are here")
    .action((path: string, { yes = false, install }: { yes?: boolean; install: boolean }) =>
      inSession(async (session) => {
        const file = readLibrary(path);
        const client = session.lastingClient();
        const preview = await client.request("library.previewImport", { file });
        const isInstalling = install && [...preview.apps, ...preview.others].some(({ fate }) => fate === "install");
        if (isInstalling && !yes && !(await agreesToAll(session, preview))) {
          session.note("Nothing was imported");
          return EXIT.waiting;
        }
        const taken = await client.request("library.import", { file, install });
        if (!session.json) tellTaken(session, taken);
        const job = taken.jobId === null ? null : await followed(session, client, taken.jobId);
        if (session.json) session.print(JSON.stringify({ ...taken, job }));
        else {
          if (job !== null) tellJob(session, job);
          for (const sentence of job?.said ?? taken.left) session.note(onOneLine(sentence));
        }
        if (job?.state === "cancelled") return EXIT.waiting;
        const isWhole =
          [...taken.apps, ...taken.others].every(({ fate }) => fate !== "cannot") &&
          (job === null || job.state === "done");
        return isWhole ? EXIT.done : EXIT.failed;
      }),
    );
};

function heldText({ apps, packages, sources }: Record<"apps" | "packages" | "sources", number>, path: string): string {
  const others = [...countOf(packages, "package"), ...countOf(sources, "source")];
  const what = [appsText(apps), ...others].join(", ");
  return `${what} ${apps === 1 && others.length === 0 ? "is" : "are"} in ${path}`;
}

const countOf = (count: number, what: string): string[] =>
  count === 0 ? [] : [`${count} ${what}${count === 1 ? "" : "s"}`];

const warningsOf = ({ apps, warnings: all }: LibraryFile): { appId: AppId | null; warning: string }[] => [
  ...apps.flatMap(({ id, warnings = [] }) => warnings.map((warning) => ({ appId: id, warning }))),
  ...all.map((warning) => ({ appId: null, warning })),
];

/** The file as it is, or in words why it is no library. */
function readLibrary(path: string): LibraryFile {
  const file = resolve(path);
  const value = jsonOf(file);
  requireKnownVersion(value, file);
  const checked = LibraryFile.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new PinokioError("request-invalid", `${file} holds no library: ${issue?.path.join(".")}: ${issue?.message}`);
}

function jsonOf(file: string): unknown {
  const text = readText(file, MOST_LIBRARY_FILE_BYTES);
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PinokioError("request-invalid", `${file} is no library: ${why}`, {
      hint: "Take a file that `library export` has written",
      cause: error,
    });
  }
}

const listText = ({ apps, others }: ImportResult): string =>
  table([
    ...apps.map(({ appId, title, fate, from, commit, error }) => [
      appId,
      WORDS[fate],
      error?.message ?? where(from, commit),
      title === appId ? "" : title,
    ]),
    ...others.map(({ name, type, fate, error }) => [name, WORDS[fate], error?.message ?? type, ""]),
  ]);

const WORDS = { here: "here already", install: "install", cannot: "cannot", written: "notes only" } as const;

const where = (from: string | null, commit: string | null): string =>
  [from ?? "", ...(commit === null ? [] : [`at ${commit.slice(0, 12)}`])].join(" ");

async function agreesToAll({ note }: Session, preview: ImportResult): Promise<boolean> {
  note(listText(preview));
  const others = preview.others.some(({ fate }) => fate === "install") ? " Sources are added, packages installed." : "";
  const written = writtenOf(preview.changed);
  if (written.length > 0) note(`Takes over: ${written.join(", ")}`);
  note(`The scripts of these apps run as you on this machine.${others}`);
  if (!process.stdin.isTTY) {
    throw new PinokioError("agreement-needed", "Nobody has agreed to what the list above installs", {
      hint: "Read it, then repeat the command with --yes, or with --no-install",
    });
  }
  return saysYes("Install them?");
}

function tellTaken({ print, note }: Session, taken: ImportResult): void {
  print(listText(taken));
  print(takenText(taken.changed));
  const ways = taken.apps.flatMap(({ appId, error }) => (error?.hint === undefined ? [] : [`${appId}: ${error.hint}`]));
  for (const way of ways) note(onOneLine(way));
}

function writtenOf({ marks, settings, places }: ImportResult["changed"]): string[] {
  const of = (what: string, count: number): string[] => (count === 0 ? [] : [`${what} of ${appsText(count)}`]);
  return [...of("notes and tags", marks), ...of("settings", settings), ...of("places", places)];
}

function takenText(changed: ImportResult["changed"]): string {
  const written = writtenOf(changed);
  return written.length === 0
    ? "Everything that was written about them is here already"
    : `Taken over: ${written.join(", ")}`;
}

const appsText = (count: number): string => (count === 1 ? "1 app" : `${count} apps`);

const followed = async (session: Session, client: SidecarClient, jobId: JobId): Promise<Job> =>
  followChange(session, client, await client.request("jobs.wait", { jobId, waitMs: 0 }));

function tellJob({ print, note }: Session, job: Job): void {
  if (job.error !== null) note(errorText(job.error));
  else print(onOneLine(job.state === "done" ? "All of them are installed" : `It was ${job.state}`));
}
