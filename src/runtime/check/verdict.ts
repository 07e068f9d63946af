import type { CheckedApp, CheckMachine, CheckReport } from "../protocol/check.js";
import { withoutRepeats } from "./needs.js";

/** What a check comes to: an error keeps the app from working, a warning may. */
export function reportOf(app: string, machine: CheckMachine, checked: CheckedApp): CheckReport {
  const findings = [...checked.findings, ...checked.scripts.flatMap((script) => script.findings)];
  const verdict = findings.some(({ level }) => level === "error")
    ? "cannot"
    : findings.some(({ level }) => level === "warning")
      ? "warnings"
      : "works";
  const needs = withoutRepeats([
    ...checked.needs,
    ...checked.scripts.filter(({ reached }) => reached).flatMap((script) => script.needs),
  ]);
  return { ...checked, app, machine, verdict, needs };
}
