import { resolve } from "node:path";
import type { SidecarClient } from "../../client/sidecar-client.js";
import { PinokioError } from "../../protocol/errors.js";
import type { AppId, JobId } from "../../protocol/ids.js";
import type { Job } from "../../protocol/jobs.js";
import {
  type ImportResult,
  LIBRARY_FILE_VERSION,
  LibraryFile,
  MOST_LIBRARY_FILE_BYTES,
} from "../../protocol/library-file.js";
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
    .description("write the whole library into one file: what is installed, notes, folders and settings; no secrets")
    .argument("[file]", "where to; without it the file is printed")
    .option("--force", "replace a file that is there")
    .action((file: string | undefined, { force = false }: { force?: boolean }) =>
      inSession(async (session) => {
        const exported = await (await session.client()).request("library.export", {});
        const text = `${JSON.stringify(exported, null, 2)}\n`;
        if (file === undefined) {
          session.print(session.json ? JSON.stringify(exported) : text);
          return EXIT.done;
        }
        const path = resolve(file);
        writeNew(path, text, force);
        const warnings = warningsOf(exported);
        if (session.json) session.print(JSON.stringify({ file: path, apps: exported.apps.length, warnings }));
        else
          session.print(`${exported.apps.length === 1 ? "1 app is" : `${exported.apps.length} apps are`} in ${path}`);
        for (const { appId, warning } of warnings) session.note(onOneLine(`${appId}: ${warning}`));
        return EXIT.done;
      }),
    );

  library
    .command("import")
    .description("install what an exported library holds, at the same commits, and take over what was written there")
    .argument("<file>", "a file that `library export` has written")
    .option("-y, --yes", "agree to the apps that it names, without being asked")
    .option("--no-install", "take over only notes, tags, folders and settings")
    .action((path: string, { yes = false, install }: { yes?: boolean; install: boolean }) =>
      inSession(async (session) => {
        const file = readLibrary(path);
        const client = session.lastingClient();
        const preview = await client.request("library.previewImport", { file });
        const isInstalling = install && preview.apps.some(({ fate }) => fate === "install");
        if (isInstalling && !yes && !(await agreesToAll(session, preview))) {
          session.note("Nothing was imported");
          return EXIT.waiting;
        }
        const taken = await client.request("library.import", { file, install });
        if (!session.json) tellTaken(session, taken);
        const job = taken.jobId === null ? null : await followed(session, client, taken.jobId);
        if (session.json) session.print(JSON.stringify({ ...taken, job }));
        else if (job !== null) tellJob(session, job);
        const isWhole = taken.apps.every(({ fate }) => fate !== "cannot") && (job === null || job.state === "done");
        return isWhole ? EXIT.done : EXIT.failed;
      }),
    );
};

const warningsOf = ({ apps }: LibraryFile): { appId: AppId; warning: string }[] =>
  apps.flatMap(({ id, warnings = [] }) => warnings.map((warning) => ({ appId: id, warning })));

/** The file as it is, or in words why it is no library. */
function readLibrary(path: string): LibraryFile {
  const file = resolve(path);
  const value = jsonOf(file);
  const version = typeof value === "object" && value !== null && "version" in value ? value.version : null;
  if (typeof version === "number" && version > LIBRARY_FILE_VERSION) {
    throw new PinokioError("request-invalid", `${file} was written by a newer PinokioCloud`, {
      hint: "Update PinokioCloud, then import it",
    });
  }
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

const listText = ({ apps }: ImportResult): string =>
  table(
    apps.map(({ appId, title, fate, from, commit, error }) => [
      appId,
      WORDS[fate],
      error?.message ?? where(from, commit),
      title === appId ? "" : title,
    ]),
  );

const WORDS = { here: "here already", install: "install", cannot: "cannot", written: "notes only" } as const;

const where = (from: string | null, commit: string | null): string =>
  [from ?? "", ...(commit === null ? [] : [`at ${commit.slice(0, 12)}`])].join(" ");

async function agreesToAll({ note }: Session, preview: ImportResult): Promise<boolean> {
  note(listText(preview));
  note("The scripts of these apps run as you on this machine.");
  if (!process.stdin.isTTY) {
    throw new PinokioError("agreement-needed", "Nobody has agreed to the apps of the list above", {
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

function takenText({ marks, settings, places }: ImportResult["changed"]): string {
  const of = (what: string, count: number): string[] => (count === 0 ? [] : [`${what} of ${appsText(count)}`]);
  const parts = [...of("notes and tags", marks), ...of("settings", settings), ...of("places", places)];
  return parts.length === 0
    ? "Everything that was written about them is here already"
    : `Taken over: ${parts.join(", ")}`;
}

const appsText = (count: number): string => (count === 1 ? "1 app" : `${count} apps`);

const followed = async (session: Session, client: SidecarClient, jobId: JobId): Promise<Job> =>
  followChange(session, client, await client.request("jobs.wait", { jobId, waitMs: 0 }));

function tellJob({ print, note }: Session, job: Job): void {
  if (job.error !== null) note(errorText(job.error));
  else print(onOneLine(job.state === "done" ? "All of them are installed" : `It was ${job.state}`));
}
