import { InvalidArgumentError, Option } from "commander";
import type { CatalogFilters, CatalogSort } from "../../protocol/catalog-requests.js";
import { CATALOG_SORTS } from "../../protocol/catalog-requests.js";
import { CATEGORIES, PACKAGE_TYPES } from "../../protocol/packages.js";
import { EXIT } from "../exit-codes.js";
import { notFoundText, packageTable } from "../package-words.js";
import type { AddCommand } from "./command.js";

interface SearchOptions {
  category?: NonNullable<CatalogFilters["category"]>;
  type?: NonNullable<CatalogFilters["type"]>;
  tag?: string;
  source?: string;
  fits?: boolean;
  vram?: number;
  linux?: boolean;
  cpu?: boolean;
  token: boolean;
  installed?: boolean;
  sort: CatalogSort;
  most: number;
}

export const addSearch: AddCommand = (program, inSession) => {
  program
    .command("search")
    .description("search the catalog; what fits this machine comes first")
    .argument("[words...]", "names, tasks, tags; beginnings and slips of the finger are understood")
    .addOption(new Option("--category <name>", "only these").choices(CATEGORIES))
    .addOption(new Option("--type <name>", "only these").choices(PACKAGE_TYPES))
    .option("--tag <tag>", "only with this tag")
    .option("--source <id>", "only of this source")
    .option("--fits", "only what runs well on this machine")
    .option("--vram <gigabytes>", "only what needs at most so much GPU memory", parseNumber)
    .option("--linux", "only what works on Linux")
    .option("--cpu", "only what runs without a graphics card")
    .option("--no-token", "only what asks for no token")
    .option("--installed", "only what is installed")
    .addOption(new Option("--sort <order>", "the order").choices(CATALOG_SORTS).default("best"))
    .option("--most <count>", "how many to show", parseCount, 20)
    .action((words: string[], { sort, most, token, vram, ...rest }: SearchOptions) =>
      inSession(async (session) => {
        const { category, type, tag, source, fits, linux, cpu, installed } = rest;
        const filters = Object.fromEntries(
          Object.entries({
            category,
            type,
            tag,
            source,
            fits,
            linux,
            cpu,
            installed,
            vramAtMost: vram,
            noToken: token ? undefined : true,
          }).filter(([, value]) => value !== undefined),
        ) as CatalogFilters;
        const client = await session.client();
        const reply = await client.request("catalog.search", { text: words.join(" "), filters, sort, most });
        if (session.json) session.print(JSON.stringify(reply));
        else {
          const found = [...(reply.pasted === null ? [] : [reply.pasted]), ...reply.packages];
          session.print(found.length === 0 ? notFoundText(reply) : packageTable(found));
          const more = reply.total - reply.packages.length;
          if (more > 0) session.note(`and ${more} more; --most ${reply.total} shows them all`);
        }
        return EXIT.done;
      }),
    );
};

const MOST = 500;

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MOST) {
    throw new InvalidArgumentError(`It is not a number from 1 to ${MOST}`);
  }
  return count;
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError("It is not a number");
  return value;
}
