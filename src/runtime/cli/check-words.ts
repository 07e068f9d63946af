import type { CheckedScript, CheckFinding, CheckReport } from "../protocol/check.js";
import { machineText } from "../check/findings.js";
import { onOneLine, table } from "./words.js";

const VERDICTS: Record<CheckReport["verdict"], string> = {
  works: "works",
  warnings: "works, with warnings",
  cannot: "cannot work",
};

/** One app's report, for a person who decides about installing it. */
export function reportText(report: CheckReport): string {
  const { app, title, machine, verdict, needs, findings, scripts } = report;
  const name = title === "" || title === app ? app : `${title} (${app})`;
  const lines = [`${onOneLine(name)}: ${VERDICTS[verdict]} on ${machineText(machine)}, ${onOneLine(machine.arch)}`];
  if (needs.length > 0) lines.push(`Needs: ${onOneLine(needs.map((need) => need.name).join(", "))}`);
  lines.push(...findings.map(findingText));
  for (const script of scripts) lines.push("", ...scriptLines(script));
  return lines.join("\n");
}

function scriptLines({ path, role, reached, steps, stepsHere, methods, ready, findings }: CheckedScript): string[] {
  const part = role === "other" ? (reached ? "" : ", not in the menu") : `, ${role}`;
  const lines = [onOneLine(`${path}${part}: ${stepsHere} of ${steps} steps may run here`)];
  if (methods.length > 0) lines.push(onOneLine(`  calls ${methods.join(", ")}`));
  for (const { pattern, url } of ready) {
    lines.push(
      onOneLine(`  ready ${[pattern === null ? "" : `at ${pattern}`, url ?? ""].filter(Boolean).join(" -> ")}`),
    );
  }
  return [...lines, ...findings.map(findingText)];
}

function findingText({ level, message, hint, file, line, column, source, step }: CheckFinding): string {
  const place = line === undefined ? "" : `${file ?? ""}:${line}${column === undefined ? "" : `:${column}`}`;
  const where = [place, step === undefined ? "" : `step ${step}`].filter(Boolean).join(", ");
  const text = onOneLine(`  ${level}: ${where === "" ? "" : `${where}: `}${message}`);
  const below = [source, hint].filter((words) => words !== undefined && words !== "");
  return [text, ...below.map((words) => onOneLine(`    ${words ?? ""}`))].join("\n");
}

/** Many apps: one line each. */
export function reportsTable(reports: readonly CheckReport[]): string {
  const rows = reports.map(({ app, verdict, scripts, findings, needs }) => [
    app,
    VERDICTS[verdict],
    String(scripts.length),
    String(
      [findings, ...scripts.map((script) => script.findings)].flat().filter(({ level }) => level !== "info").length,
    ),
    needs.map(({ name }) => name).join(", "),
  ]);
  const totals = totalsOf(reports);
  const counts = `${reports.length} apps: ${totals.works} work, ${totals.warnings} with warnings, ${totals.cannot} cannot`;
  return `${table([["app", "verdict", "scripts", "problems", "needs"], ...rows])}\n\n${counts}`;
}

export function totalsOf(reports: readonly CheckReport[]): Record<CheckReport["verdict"], number> {
  const totals = { works: 0, warnings: 0, cannot: 0 };
  for (const { verdict } of reports) totals[verdict]++;
  return totals;
}
