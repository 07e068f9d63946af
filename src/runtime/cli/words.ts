import type { WireError } from "../protocol/errors.js";
import type { MenuItem } from "../protocol/apps.js";
import type { Run } from "../protocol/runs.js";

export const errorText = ({ message, hint }: WireError): string =>
  hint === undefined ? `error: ${message}` : `error: ${message}\nhint: ${hint}`;

/** One run on one line. */
export function runLine(run: Run): string {
  const state = run.end?.outcome ?? run.state;
  const url = typeof run.local["url"] === "string" ? `  ${run.local["url"]}` : "";
  return `${run.id}  ${state.padEnd(8)}  ${run.script}${url}`;
}

/** Aligns the columns of rows of text. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function menuText(menu: readonly MenuItem[], indent = ""): string {
  return menu
    .map((item) => {
      const marks = [item.default === true ? "default" : "", item.running === true ? "running" : ""].filter(Boolean);
      const line = `${indent}${item.text ?? item.href ?? ""}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}${
        item.href === undefined ? "" : `  ${item.href}`
      }`;
      return item.menu === undefined ? line : `${line}\n${menuText(item.menu, `${indent}  `)}`;
    })
    .join("\n");
}

export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${amount >= 10 || unit === 0 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`;
}
