import type { Inspection } from "../protocol/apps.js";
import { onOneLine, printable } from "./words.js";

/** What a person agrees to: where an app comes from, and what its scripts would run. */
export function consentText(inspection: Inspection): string {
  const { title, source, commit, scripts, movedFrom, repository, secrets = [] } = inspection;
  return [
    onOneLine(`${title}'s scripts run as you on this machine.`),
    onOneLine(`From    ${source}${commit === null ? "" : ` at ${commit}`}`),
    ...(movedFrom == null ? [] : [onOneLine(`Moved   from ${movedFrom} to ${repository ?? ""}`)]),
    ...(secrets.length === 0 ? [] : [onOneLine(`Secrets ${secrets.join(", ")}`)]),
    ...scripts.flatMap(({ path, commands, problem }) => [
      onOneLine(`${path}${problem === null ? "" : `  (cannot be read beforehand: ${problem})`}`),
      ...commands.map((command) => `    ${printable(command).replace(/\n/g, "\n    ")}`),
    ]),
  ].join("\n");
}
