import { type ChangePart, type RemovalPreview, tokenStaysText, type TrashEntry } from "../protocol/changes.js";
import { sizeText } from "../protocol/sizes.js";
import { onOneLine, table } from "./words.js";

/** What uninstalling or resetting does, in plain words. */
export function previewText(preview: RemovalPreview, all: boolean): string {
  const { goes, stays, notes, stops, neededBy, token } = preview;
  const own = all ? stays.map((part) => ({ ...part, label: `${part.label}, since all of it goes` })) : [];
  return [
    ...stopsText(stops),
    ...(neededBy.length === 0 ? [] : [`Needed by ${neededBy.join(", ")}`]),
    "Goes into the trash:",
    ...[...goes, ...own].flatMap(partLines),
    ...(all || stays.length === 0 ? [] : ["Stays:", ...stays.flatMap(partLines)]),
    ...(all ? [] : notes),
    ...(token === null ? [] : [tokenStaysText(token)]),
    `${sizeText(spaceOf(preview, all))} come back when the trash is emptied${sharedText(preview)}`,
  ]
    .map(onOneLine)
    .join("\n");
}

/** What is stopped before anything is changed, as one line or none. */
export const stopsText = ({ length }: readonly unknown[]): string[] =>
  length === 0 ? [] : [`Stops ${length === 1 ? "1 run" : `${length} runs`} first`];

/** The button of a person at a terminal: what happens, and what is lost. */
export function lossText(verb: string, preview: RemovalPreview, all: boolean): string {
  const kept = all ? "your files go too" : preview.stays.length === 0 ? "nothing of yours is in it" : "your files kept";
  return `${verb} ${preview.title} (${sizeText(spaceOf(preview, all))}, ${kept})`;
}

const spaceOf = ({ bytes, staysBytes }: RemovalPreview, all: boolean): number => bytes + (all ? staysBytes : 0);

const sharedText = ({ sharedBytes }: RemovalPreview): string =>
  sharedBytes === 0 ? "" : `; ${sizeText(sharedBytes)} stay, since something else holds the same files`;

const partLines = ({ label, bytes, files, examples }: ChangePart): string[] => [
  `  ${label}: ${sizeText(bytes)} in ${files === 1 ? "1 file" : `${files} files`}`,
  ...examples.map((example) => `    ${example}`),
];

const WHY: Readonly<Record<string, string>> = {
  script: "removed by a script",
  link: "replaced by what is on the drive",
  repair: "moved by a repair",
  update: "changed by an update",
  reset: "reset",
  uninstall: "uninstalled",
  restore: "made way for what was put back",
  person: "removed by you",
  kept: "your files, kept",
};

const reasonText = (why: string): string => WHY[why] ?? why;

/** What nobody knows any more goes only when it is named. */
const sentencesOf = ({ kind, said, why, refused }: TrashEntry): string[] =>
  kind === "trash" && why === "unknown" && refused !== null ? [...said, refused] : said;

/** The trash as a list. */
export function trashText(entries: readonly TrashEntry[], bytes: number): string {
  if (entries.length === 0) return "The trash is empty";
  const rows = entries.map(({ name, at, title, app, why, what, bytes: own }) => [
    name,
    at.slice(0, 16).replace("T", " "),
    title || app || "",
    reasonText(why),
    sizeText(own),
    what,
  ]);
  const notes = entries.flatMap((entry) => sentencesOf(entry).map((sentence) => `${entry.name}: ${sentence}`));
  return [table(rows), ...notes.map(onOneLine), `${sizeText(bytes)} come back when the trash is emptied`].join("\n");
}
