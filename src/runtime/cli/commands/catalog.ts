import { isAbsolute, resolve } from "node:path";
import { existsSync } from "node:fs";
import { Option } from "commander";
import { type CatalogSourceState, SOURCE_KINDS, type SourceKindName } from "../../protocol/packages.js";
import { EXIT } from "../exit-codes.js";
import { sourcesText } from "../package-words.js";
import type { Session } from "../session.js";
import type { AddCommand } from "./command.js";

type AddedKind = Exclude<SourceKindName, "built-in" | "examples">;
const ADDED_KINDS = SOURCE_KINDS.filter((kind): kind is AddedKind => kind !== "built-in" && kind !== "examples");

export const addCatalog: AddCommand = (program, inSession) => {
  const catalog = program.command("catalog").description("the sources that packages come from");

  catalog
    .command("list", { isDefault: true })
    .description("list the sources, and what came of reading them")
    .action(() =>
      inSession(async (session) => {
        print(session, await (await session.client()).request("catalog.sources", {}));
        return EXIT.done;
      }),
    );

  catalog
    .command("add")
    .description("add a source: an index by its address, a folder of launchers, or one git repository")
    .argument("<address>")
    .addOption(new Option("--kind <kind>", "what the address is of, where that is not plain").choices(ADDED_KINDS))
    .action((address: string, { kind }: { kind?: AddedKind }) =>
      inSession(async (session) => {
        const source = await (
          await session.client()
        ).request("catalog.addSource", {
          address: fromHere(address),
          ...(kind === undefined ? {} : { kind }),
        });
        if (session.json) session.print(JSON.stringify(source));
        else session.print(sourcesText([source]));
        return EXIT.done;
      }),
    );

  catalog
    .command("remove")
    .description("remove a source; what was installed from it stays")
    .argument("<id>")
    .action((id: string) =>
      inSession(async (session) => {
        await (await session.client()).request("catalog.removeSource", { id });
        session.print(session.json ? JSON.stringify({ removed: id }) : `Removed ${id}`);
        return EXIT.done;
      }),
    );

  catalog
    .command("refresh")
    .description("ask sources for what is new")
    .argument("[id]", "only this one")
    .action((id: string | undefined) =>
      inSession(async (session) => {
        const asked = await (await session.client()).request("catalog.refresh", id === undefined ? {} : { id });
        print(session, asked);
        return asked.some(({ error, canRefresh }) => canRefresh && error !== null) ? EXIT.failed : EXIT.done;
      }),
    );
};

function print(session: Session, sources: readonly CatalogSourceState[]): void {
  session.print(session.json ? JSON.stringify(sources) : sourcesText(sources));
}

/** A path is taken from where the person is; the sidecar is somewhere else. */
function fromHere(address: string): string {
  if (isAbsolute(address) || /^[a-z]+:/i.test(address) || address.startsWith("~")) return address;
  return existsSync(resolve(address)) ? resolve(address) : address;
}
