import { resolve } from "node:path";
import { tokenStaysText } from "../../protocol/changes.js";
import { appIdOf } from "../../protocol/ids.js";
import type { DriveFolder } from "../../protocol/install-requests.js";
import { sizeText } from "../../protocol/sizes.js";
import { canAsk, saysYes } from "../ask/prompt.js";
import { exitCodeOfJob, followChange, wants } from "../change-job.js";
import { cameText, givenUpToo, removeWhatCame } from "../came-with.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import type { Session } from "../session.js";
import { onOneLine } from "../words.js";
import type { AddCommand } from "./command.js";

interface EndOptions {
  to?: string;
  keep?: string[];
  keepNothing?: boolean;
  drive?: boolean;
  needs?: boolean;
  yes?: boolean;
}

export const addStudio: AddCommand = (program, inSession) => {
  const studio = program.command("studio").description("apps that were installed for a while: `install --studio`");

  studio
    .command("files")
    .description("list what an app has made")
    .argument("<app>", "the app")
    .action((app: string) => inSession((session) => files(session, app)));

  studio
    .command("end")
    .description("keep what an app has made, then remove every trace of it")
    .argument("<app>", "the app")
    .option("--to <folder>", "where to keep the files; without it in the home's folder studio")
    .option("--keep <files...>", "keep these files only")
    .option("--keep-nothing", "keep none of them")
    .option("--drive", "also remove folders of the shared drive that only it uses")
    .option("--needs", "also remove what came only since it needs it, into the trash")
    .option("-y, --yes", "do not ask; without --drive the shared drive stays as it is, without --needs what it needs")
    .action((app: string, options: EndOptions) => inSession((session) => end(session, app, options)));
};

async function files(session: Session, app: string): Promise<ExitCode> {
  const client = await session.client();
  const found = await client.request("studio.files", { appId: appIdOf(app) });
  if (session.json) session.print(JSON.stringify(found));
  else if (found.totalFiles === 0) session.print(`${app} has made nothing yet`);
  else for (const { path, bytes } of found.files) session.print(onOneLine(`${sizeText(bytes).padStart(9)}  ${path}`));
  if (session.json) return EXIT.done;
  for (const folder of found.drive) session.note(onOneLine(driveText(folder)));
  for (const one of await client.request("packages.cameWith", { ids: [app] })) session.note(onOneLine(cameText(one)));
  if (found.token !== null) session.note(onOneLine(tokenStaysText(found.token)));
  return EXIT.done;
}

function driveText({ folder, files, bytes, usedBy, mayGo }: DriveFolder): string {
  const size = `${folder} (${files === 1 ? "1 file" : `${files} files`}, ${sizeText(bytes)})`;
  if (mayGo)
    return `${size} is on the drive and stays there in the end, unless you say otherwise: only this app uses it`;
  return `${size} is on the drive, and stays there in the end${usedBy.length === 0 ? "" : `: used by ${usedBy.join(", ")}`}`;
}

/** Folders of the drive that a person gives up. */
async function givenUp(session: Session, drive: readonly DriveFolder[], isWanted: boolean): Promise<DriveFolder[]> {
  const free = drive.filter(({ mayGo }) => mayGo);
  if (isWanted || session.json || !canAsk()) return isWanted ? free : [];
  const given: DriveFolder[] = [];
  for (const one of free)
    if (await saysYes(onOneLine(`Remove ${one.folder} (${sizeText(one.bytes)}) too?`))) given.push(one);
  return given;
}

async function end(
  session: Session,
  app: string,
  { to, keep, keepNothing, drive: isDriveWanted, needs, yes }: EndOptions,
): Promise<ExitCode> {
  const client = await session.client();
  const appId = appIdOf(app);
  const { totalFiles, totalBytes, drive, token } = await client.request("studio.files", { appId });
  if (yes !== true) for (const folder of drive) session.note(onOneLine(driveText(folder)));
  const goes = yes === true && isDriveWanted !== true ? [] : await givenUp(session, drive, isDriveWanted === true);
  const came = await client.request("packages.cameWith", { ids: [appId] });
  if (yes !== true) for (const one of came) session.note(onOneLine(cameText(one)));
  if (yes !== true && token !== null) session.note(onOneLine(tokenStaysText(token)));
  const goesToo = yes === true && needs !== true ? [] : await givenUpToo(session, came, needs === true);
  const left = drive.filter((one) => !goes.includes(one)).reduce((sum, { madeFiles }) => sum + madeFiles, 0);
  const kept = keepNothing === true ? [] : (keep ?? "all");
  const count = kept === "all" ? totalFiles - left : kept.length;
  const loss = `${count} of ${totalFiles} files it made (${sizeText(totalBytes)}) are kept, and everything else of ${app} is removed for good`;
  if (yes !== true && !(await wants(session, loss, `${loss}. Go on`))) return EXIT.waiting;
  const { job, keptIn } = await client.request("studio.end", {
    appId,
    keep: kept,
    ...(goes.length === 0 ? {} : { drive: goes.map(({ folder }) => folder) }),
    ...(to === undefined ? {} : { to: resolve(to) }),
  });
  const over = await followChange(session, client, job);
  const said = [
    ...(over.said ?? []),
    ...(over.state === "done" ? await removeWhatCame(session, client, came, goesToo) : []),
    ...(over.state === "done" && token !== null ? [tokenStaysText(token)] : []),
  ];
  const bytes = over.progress?.unit === "bytes" ? over.progress.done : 0;
  if (session.json) session.print(JSON.stringify({ appId, keptIn, files: count, bytes, job: over, said }));
  else if (over.state === "done") {
    if (keptIn !== null) session.print(onOneLine(`Kept ${count} files in ${keptIn}`));
    const rest = said.length === 0 ? "every trace" : "everything but what is named below";
    session.print(`Removed ${rest} of ${app}: ${sizeText(bytes)} came back`);
    for (const sentence of said) session.print(onOneLine(sentence));
  }
  return exitCodeOfJob(session, over);
}
