import type { SidecarClient } from "../../client/sidecar-client.js";
import { arrangedApps } from "../../client/arrange-apps.js";
import { PinokioError } from "../../protocol/errors.js";
import { type AppId, appIdOf, bareAppName } from "../../protocol/ids.js";
import type { AppResult, FolderId, MarksChange, Shelf } from "../../protocol/shelf.js";
import { appMissing } from "../../base/app-missing.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { knownApps } from "../known-name.js";
import type { Session } from "../session.js";
import { errorText, onOneLine, printable } from "../words.js";
import type { AddCommand } from "./command.js";
import { addTransfer } from "./library-transfer.js";

export const addLibrary: AddCommand = (program, inSession) => {
  const library = program.command("library").description("arrange the installed apps, and take them elsewhere");

  library
    .command("show")
    .description("print the apps in their folders")
    .action(() =>
      inSession(async (session) => {
        const client = await session.client();
        const [apps, shelf] = await Promise.all([client.request("apps.list", {}), client.request("library.shelf", {})]);
        if (session.json) session.print(JSON.stringify(shelf));
        else session.print(arrangedApps(apps, shelf).map(groupText).join("\n") || "Nothing installed yet");
        return EXIT.done;
      }),
    );

  library
    .command("favorite")
    .description("make apps favourites")
    .argument("<apps...>", "installed apps")
    .option("--off", "they are none any more")
    .action((apps: string[], { off = false }: { off?: boolean }) =>
      inSession(marking(apps, { favorite: !off }, off ? "No favourite any more" : "A favourite")),
    );

  library
    .command("tag")
    .description("put a tag on apps")
    .argument("<tag>", "a word to find them again by")
    .argument("<apps...>", "installed apps")
    .option("--off", "take it off")
    .action((tag: string, apps: string[], { off = false }: { off?: boolean }) =>
      inSession(marking(apps, off ? { removeTags: [tag] } : { addTags: [tag] }, off ? `Not ${tag} any more` : tag)),
    );

  library
    .command("note")
    .description("print what was noted about an app, or note something else")
    .argument("<app>", "an installed app")
    .argument("[text]", "what is to be noted; an empty text takes the note away")
    .action((app: string, text?: string) =>
      inSession(async (session) => {
        if (text !== undefined)
          return marking([app], { notes: text }, text === "" ? "Nothing noted" : "Noted")(session);
        const client = await session.client();
        const apps = await client.request("apps.list", {});
        const found = apps.find(({ id }) => id === bareAppName(app));
        if (found === undefined) throw appMissing(bareAppName(app), await knownApps(client));
        const notes = found.marks?.notes ?? "";
        if (session.json) session.print(JSON.stringify({ app, notes }));
        else session.print(notes === "" ? `Nothing was noted about ${app}` : printable(notes));
        return EXIT.done;
      }),
    );

  library
    .command("move")
    .description("put apps into a folder of the library, or elsewhere in their order")
    .argument("<apps...>", "installed apps")
    .option("--to <folder>", "the folder; it is made when it is not there")
    .option("--before <app>", "the app that they are to stand before")
    .action((apps: string[], { to, before }: { to?: string; before?: string }) =>
      inSession(async (session) => {
        const client = await session.client();
        const folder = to === undefined ? null : await folderNamed(client, to, { isMade: true });
        const { results } = await client.request("library.move", {
          things: apps.map((app) => ({ app: appIdOf(app) })),
          to: { folder, before: before === undefined ? null : { app: appIdOf(before) } },
        });
        return tellResults(session, results, to === undefined ? "Moved" : `Moved to ${to}`);
      }),
    );

  library
    .command("folder")
    .description("rename or remove a folder of the library")
    .argument("<name>", "its name")
    .option("--rename <name>", "its new name")
    .option("--remove", "remove it; its apps stay")
    .action((name: string, { rename, remove = false }: { rename?: string; remove?: boolean }) =>
      inSession(async (session) => {
        const client = await session.client();
        const folder = await folderNamed(client, name);
        if (rename !== undefined) await client.request("library.renameFolder", { folder, name: rename });
        else if (remove) await client.request("library.removeFolder", { folder });
        else throw new PinokioError("request-invalid", "Say what is to become of it", { hint: "--rename or --remove" });
        session.print(
          session.json ? "{}" : onOneLine(rename === undefined ? `Removed ${name}` : `${name} is ${rename} now`),
        );
        return EXIT.done;
      }),
    );

  library
    .command("forget")
    .description("drop what is known of apps whose folders are gone")
    .argument("<apps...>", "apps that `list` calls gone")
    .action((apps: string[]) =>
      inSession(async (session) => {
        const client = await session.client();
        const { results } = await client.request("library.forget", { apps: apps.map(appIdOf) });
        return tellResults(session, results, "Forgotten");
      }),
    );

  addTransfer(library, inSession);
};

const marking =
  (apps: readonly string[], change: MarksChange, done: string) =>
  async (session: Session): Promise<ExitCode> => {
    const client = await session.client();
    const { results } = await client.request("library.mark", { apps: apps.map(appIdOf), change });
    return tellResults(session, results, done);
  };

/** One that failed is said, and makes the command fail; the others are done all the same. `done` is what became of them. */
function tellResults(session: Session, results: readonly AppResult[], done: string): ExitCode {
  if (session.json) session.print(JSON.stringify(results));
  else {
    const apps = results.filter(({ error }) => error === null).map(({ appId }) => appId);
    if (apps.length > 0) session.print(onOneLine(`${done}: ${apps.join(", ")}`));
    for (const { error } of results) if (error !== null) session.note(errorText(error));
  }
  return results.some(({ error }) => error !== null) ? EXIT.failed : EXIT.done;
}

async function folderNamed(client: SidecarClient, name: string, { isMade = false } = {}): Promise<FolderId> {
  const { items } = await client.request("library.shelf", {});
  const folders = items.filter(
    (item): item is Extract<Shelf["items"][number], { folder: FolderId }> => "folder" in item,
  );
  const found = folders.find((folder) => folder.name.toLowerCase() === name.trim().toLowerCase());
  if (found !== undefined) return found.folder;
  if (isMade) return (await client.request("library.addFolder", { name })).folder;
  const names = folders.map((folder) => folder.name).join(", ");
  throw new PinokioError("request-invalid", `The library has no folder named ${name}`, {
    hint: names === "" ? "It has none" : `Folders: ${names}`,
  });
}

function groupText({ folder, apps }: ReturnType<typeof arrangedApps>[number]): string {
  const lines = apps.map(({ id, title, marks }) => appText(id, title, marks?.favorite === true));
  return folder === null ? lines.join("\n") : [onOneLine(folder.name), ...lines.map((line) => `  ${line}`)].join("\n");
}

const appText = (id: AppId, title: string, favorite: boolean): string =>
  onOneLine(`${favorite ? "* " : ""}${id}${title === id ? "" : `  ${title}`}`);
