import { Option } from "commander";
import { quotedWord } from "../../base/command-words.js";
import type { SidecarClient } from "../../client/sidecar-client.js";
import { type AppFile, AppFileOrder, type AppFolder } from "../../protocol/app-files.js";
import { PinokioError } from "../../protocol/errors.js";
import { appIdOf } from "../../protocol/ids.js";
import { APP_FILES } from "../../protocol/limits.js";
import type { ParamsOf } from "../../protocol/requests.js";
import { sizeText } from "../../protocol/sizes.js";
import { EXIT } from "../exit-codes.js";
import { onOneLine, table } from "../words.js";
import type { AddCommand } from "./command.js";

export const addFiles: AddCommand = (program, inSession) => {
  program
    .command("files")
    .description("what you have made in an app, the newest first, apart from the app's own files")
    .argument("<app>", "its folder name below api/")
    .argument("[path]", "a folder of it, or a file")
    .option("--all", "the app's own files too")
    .option("--find <text>", "only those with this in their names")
    .addOption(new Option("--sort <order>", "how yours are arranged").choices(AppFileOrder.options).default("newest"))
    .option("--trash", "move the file or folder into the trash; `trash restore` puts it back")
    .action((name: string, path: string | undefined, { all = false, trash = false, find, sort }: FilesOptions) =>
      inSession(async (session) => {
        const client = await session.client();
        const app = appIdOf(name);
        if (trash) {
          if (path === undefined) {
            throw new PinokioError("request-invalid", "Nothing was moved: no path was given", {
              hint: `\`pinokiocloud files ${quotedWord(app)}\` shows what is there`,
            });
          }
          const moved = await client.request("apps.trashFiles", { app, paths: [path] });
          if (session.json) session.print(JSON.stringify(moved));
          else session.print(onOneLine(`${path} is in the trash: pinokiocloud trash restore ${moved.entry}`));
          return EXIT.done;
        }
        const which = { app, order: sort, most: APP_FILES.entries, ...(find === undefined ? {} : { text: find }) };
        const found = await look(client, which, path ?? "");
        session.print(session.json ? JSON.stringify(found) : folderText(found, { all, isFound: find !== undefined }));
        return EXIT.done;
      }),
    );
};

interface FilesOptions {
  all?: boolean;
  trash?: boolean;
  find?: string;
  sort: AppFileOrder;
}

type Which = ParamsOf<"apps.files">;

/** A folder; of a file, the folder it lies in with nothing else in it. */
async function look(client: SidecarClient, which: Which, path: string): Promise<AppFolder> {
  try {
    return await client.request("apps.files", { ...which, folder: path });
  } catch (error) {
    const isNoFolder = error instanceof PinokioError && error.code === "request-invalid";
    const [, folder = "", name] = /^(?:(.*)\/)?([^/]+)$/.exec(path) ?? [];
    if (!isNoFolder || name === undefined) throw error;
    const around = await client.request("apps.files", { ...which, folder, text: name });
    const only = (list: AppFolder["own"]): AppFolder["own"] => {
      const entries = list.entries.filter((entry) => entry.name === name && entry.kind !== "folder");
      return { entries, total: entries.length };
    };
    const found = { ...around, own: only(around.own), others: only(around.others), unreadable: 0, isCut: false };
    if (found.own.total + found.others.total === 0) throw error;
    return found;
  }
}

function folderText(
  { folder, own, others, unreadable, isCut }: AppFolder,
  how: { all: boolean; isFound: boolean },
): string {
  const isNamed = own.total === 0 && others.total === 1 && others.entries[0]?.kind === "file";
  const isShown = how.all || how.isFound || isNamed;
  const which = how.isFound ? "is called so in" : "is in";
  const parts = [
    own.total > 0 ? listText(own) : isNamed ? "" : `Nothing of yours ${which} ${folder === "" ? "it" : folder}`,
    others.total === 0 ? "" : isShown ? `Of the app:\n${listText(others)}` : hiddenText(others.total),
    unreadable === 0 ? "" : `${unreadable} left out: names that are no text`,
    isCut ? "There is more: the folder holds too much to look at all of it" : "",
  ];
  return parts.filter((part) => part !== "").join("\n");
}

const hiddenText = (count: number): string =>
  `${count === 1 ? "1 file or folder" : `${count} files and folders`} of the app: --all shows them`;

function listText({ entries, total }: AppFolder["own"]): string {
  const more = total - entries.length;
  return table(entries.map(lineOf)) + (more > 0 ? `\nand ${more} more` : "");
}

function lineOf({ name, kind, bytes, files, at, isMixed, leadsTo }: AppFile): string[] {
  const count = files === null ? "" : files === 1 ? "1 file" : `${files} files`;
  const shown = kind === "folder" ? `${name}/` : kind === "link" ? `${name} -> ${leadsTo ?? "?"}` : name;
  return [
    at.slice(0, 16).replace("T", " "),
    bytes === null ? "" : sizeText(bytes),
    count,
    isMixed ? `${shown} (with files of the app)` : shown,
  ];
}
