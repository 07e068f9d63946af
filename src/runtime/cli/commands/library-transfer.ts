import { readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { SidecarClient } from "../../client/sidecar-client.js";
import { PinokioError } from "../../protocol/errors.js";
import type { JobId } from "../../protocol/ids.js";
import { isUnderWay, type Job } from "../../protocol/jobs.js";
import {
  type ImportResult,
  LIBRARY_FILE_VERSION,
  LibraryFile,
  MOST_LIBRARY_FILE_BYTES,
} from "../../protocol/library-file.js";
import { EXIT } from "../exit-codes.js";
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
        if (session.json) session.print(JSON.stringify({ file: path, apps: exported.apps.length }));
        else
          session.print(`${exported.apps.length === 1 ? "1 app is" : `${exported.apps.length} apps are`} in ${path}`);
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
        if (isInstalling && !yes) await askForAll(session, preview);
        const taken = await client.request("library.import", { file, install });
        const job = taken.jobId === null ? null : await jobOver(client, taken.jobId);
        if (session.json) session.print(JSON.stringify({ ...taken, job }));
        else tell(session, taken, job);
        const isWhole = taken.apps.every(({ fate }) => fate !== "cannot") && (job === null || job.state === "done");
        return isWhole ? EXIT.done : EXIT.failed;
      }),
    );
};

function writeNew(path: string, text: string, force: boolean): void {
  try {
    writeFileSync(path, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    throw new PinokioError("request-invalid", isThere ? `${path} is there already` : String(error), {
      hint: isThere ? "Choose another name, or repeat the command with --force" : undefined,
      cause: error,
    });
  }
}

/** The file as it is, or in words why it is no library. */
function readLibrary(path: string): LibraryFile {
  const file = resolve(path);
  let value: unknown;
  try {
    if (statSync(file).size > MOST_LIBRARY_FILE_BYTES) throw new Error("it is too large for a library");
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PinokioError("request-invalid", `${file} cannot be read: ${why}`, { cause: error });
  }
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

const listText = ({ apps }: ImportResult): string =>
  table(
    apps.map(({ appId, fate, from, commit, error }) => [appId, WORDS[fate], error?.message ?? where(from, commit)]),
  );

const WORDS = { here: "here already", install: "install", cannot: "cannot", written: "notes only" } as const;

const where = (from: string | null, commit: string | null): string =>
  [from ?? "", ...(commit === null ? [] : [`at ${commit.slice(0, 12)}`])].join(" ");

async function askForAll({ note }: Session, preview: ImportResult): Promise<void> {
  note(listText(preview));
  note("The scripts of these apps run as you on this machine.");
  if (!process.stdin.isTTY) {
    throw new PinokioError("agreement-needed", "Nobody has agreed to the apps of the list above", {
      hint: "Read it, then repeat the command with --yes, or with --no-install",
    });
  }
  const question = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await question.question("Install them? [y/N] ");
  question.close();
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new PinokioError("agreement-needed", "Nothing was imported");
}

const WAIT_MS = 30_000;

async function jobOver(client: SidecarClient, jobId: JobId): Promise<Job> {
  for (;;) {
    const job = await client.request("jobs.wait", { jobId, waitMs: WAIT_MS });
    if (!isUnderWay(job)) return job;
  }
}

function tell({ print, note }: Session, taken: ImportResult, job: Job | null): void {
  print(listText(taken));
  const { marks, settings, places } = taken.changed;
  print(`Taken over: notes and tags of ${marks}, settings of ${settings}, places of ${places}`);
  if (job?.error != null) note(errorText(job.error));
  else if (job !== null) print(onOneLine(job.state === "done" ? "All of them are installed" : `It was ${job.state}`));
}
