import type { App } from "../protocol/apps.js";
import type { CatalogSourceState, FitVerdict, FoundPackage } from "../protocol/packages.js";
import type { ReplyOf } from "../protocol/requests.js";
import { errorText, onOneLine, table } from "./words.js";

const VERDICTS: Readonly<Record<FitVerdict, string>> = {
  fits: "fits",
  tight: "tight",
  slow: "slow",
  unknown: "not certain",
  no: "will not run here",
};

/** One package on a line: what it is called, how it fits, what it is. */
export const packageTable = (packages: readonly FoundPackage[]): string =>
  table(
    packages.map(({ id, name, category, fit, installed, warning }) => [
      id,
      installed === null ? VERDICTS[fit.verdict] : "installed",
      category,
      warning === null ? name : `${name}  (warning: see info)`,
    ]),
  );

export function notFoundText({ near, withoutFilters }: ReplyOf<"catalog.search">): string {
  if (withoutFilters > 0) return `Nothing meets these filters; without them there are ${withoutFilters}`;
  return near.length === 0 ? "Nothing found" : `Nothing found. Near to it: ${near.map(onOneLine).join(", ")}`;
}

/** `disk` is what it takes here; nothing where it is not installed. */
export function packageText(found: ReplyOf<"catalog.info">, disk: string): string {
  const { id, name, type, category, summary, warning, fit, repository, install, version, commit, tags } = found;
  const { dependencies, requires, upstream, installed, similar, source } = found;
  const rows: (readonly [string, string])[] = [
    ["Id", id],
    ["Kind", `${type}, ${category}`],
    ["From", repository ?? install],
    ...row("Version", version),
    ...row("Commit", commit),
    ...row("Installs", upstream),
    ...row("Needs first", dependencies.join(", ")),
    ...row("Asks for", requires.credentials.join(", ")),
    ...row("Tags", tags.join(", ")),
    ["Source", source],
    ...row("Installed", installed),
    ...row("Disk", disk),
    ...row("Similar", similar.map((one) => one.id).join(", ")),
  ];
  return [
    ...(warning === null ? [] : [`WARNING: ${onOneLine(warning)}`]),
    onOneLine(name),
    ...(summary === "" ? [] : [onOneLine(summary)]),
    `On this machine: ${VERDICTS[fit.verdict]}`,
    ...fit.reasons.map(
      ({ text, verdict }) => `  ${onOneLine(text)}${verdict === null ? "" : `: ${VERDICTS[verdict]}`}`,
    ),
    table(rows),
  ].join("\n");
}

/** An installed app that the catalog does not know. */
export function appText({ id, title, description, source, path, status, state, problem }: App, disk: string): string {
  const rows: (readonly [string, string])[] = [
    ["Id", id],
    ["Stands", status ?? state],
    ["From", source],
    ["Folder", path],
    ...row("Disk", disk),
    ...row("Problem", problem?.message ?? null),
  ];
  return [onOneLine(title), ...(description === "" ? [] : [onOneLine(description)]), table(rows)].join("\n");
}

const row = (label: string, value: string | null): (readonly [string, string])[] =>
  value === null || value === "" ? [] : [[label, value]];

export function sourcesText(sources: readonly CatalogSourceState[]): string {
  const lines = table(
    sources.map(({ id, kind, packages, date, address }) => [
      id,
      kind,
      packages === 1 ? "1 package" : `${packages} packages`,
      date === null ? "" : date.slice(0, 10),
      address ?? "",
    ]),
  );
  const problems = sources.flatMap(({ id, error, skipped, problems: why }) => [
    ...(error === null ? [] : [`${id}: ${errorText(error)}`]),
    ...(skipped === 0
      ? []
      : [
          onOneLine(
            `${id}: ${skipped === 1 ? "1 entry was" : `${skipped} entries were`} left out: ${why.slice(0, 3).join("; ")}`,
          ),
        ]),
  ]);
  return [lines, ...problems].join("\n");
}
