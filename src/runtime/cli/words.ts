import type { Failure } from "../protocol/failures.js";
import type { WireError } from "../protocol/errors.js";
import type { MenuItem } from "../protocol/apps.js";
import { onOneLine, printable } from "../protocol/printable.js";
import { addressOf, type Ending, type GpuEnding, type GpuHolder, isSilent, type Run } from "../protocol/runs.js";
import { sizeText } from "../protocol/sizes.js";

export { onOneLine, printable };

export const errorText = ({ message, hint }: WireError): string =>
  printable(hint === undefined ? `error: ${message}` : `error: ${message}\nhint: ${hint}`);

/** Why a run failed, with what can be done about it. */
export const failureText = ({ sentence, hint, part }: Failure): string =>
  [`cause: ${sentence}`, ...(part === undefined ? [] : [`in: ${part.script}`]), `hint: ${hint}`]
    .map(onOneLine)
    .join("\n");

/** One run on one line. */
export function runLine(run: Run): string {
  const asks = run.end === null && (run.questions?.length ?? 0) > 0;
  const state = asks ? "waiting" : (run.end?.outcome ?? run.state);
  const url = addressOf(run);
  const page = url === null ? "" : `  ${url}${isSilent(run) ? " (does not answer)" : ""}`;
  return onOneLine(`${run.id}  ${state.padEnd(8)}  ${run.script}${page}${waitsForText(run)}`);
}

const waitsForText = ({ state, waitsFor = [] }: Run): string =>
  state === "queued" && waitsFor.length > 0 ? `  waits for ${waitsFor.join(", ")}` : "";

/** A run that was stopped, with what that took. */
export function stoppedLine({ script, end, ending }: Run): string {
  const what = `${end?.outcome ?? "stopping"} ${script}`;
  return onOneLine(ending === undefined ? what : `${what}: ${endingText(ending)}`);
}

function endingText({ processes, killed, left, portsClosed, portsOpen, gpu, tookMs }: Ending): string {
  const parts = [
    processes === 1 ? "1 process" : `${processes} processes`,
    ...(killed === 0 ? [] : [`${killed} killed`]),
    ...(left === 0 ? [] : [`${left} left`]),
    ...(portsClosed.length === 0 ? [] : [`${portsText(portsClosed)} closed`]),
    ...(portsOpen.length === 0 ? [] : [`${portsText(portsOpen)} still open`]),
    ...(gpu === undefined ? [] : gpuTexts(gpu)),
    `${(tookMs / 1_000).toFixed(1)} s`,
  ];
  return parts.join(", ");
}

function gpuTexts({ freedBytes, isEstimate, heldBytes, holders }: GpuEnding): string[] {
  const about = isEstimate ? "about " : "";
  const who = holders.length === 0 ? "a program that cannot be seen from here" : holders.map(holderText).join(", ");
  const held = `${sizeText(heldBytes)}${freedBytes === 0 ? " of GPU memory" : ""}`;
  return [
    ...(freedBytes === 0 ? [] : [`${about}${sizeText(freedBytes)} of GPU memory given back`]),
    ...(heldBytes === 0 ? [] : [`${held} still held by ${who}`]),
  ];
}

const holderText = ({ pid, name, run }: GpuHolder): string =>
  run !== null && name !== null ? name : name === null ? `process ${pid}` : `${name} (process ${pid})`;

const portsText = (ports: readonly number[]): string => `${ports.length === 1 ? "port" : "ports"} ${ports.join(" ")}`;

/** Aligns the columns of rows of text. */
export function table(written: readonly (readonly string[])[]): string {
  const rows = written.map((row) => row.map(onOneLine));
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
      const caption = onOneLine(item.text ?? item.href ?? "");
      const href = item.href === undefined ? "" : `  ${onOneLine(item.href)}`;
      const line = `${indent}${caption}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}${href}`;
      return item.menu === undefined ? line : `${line}\n${menuText(item.menu, `${indent}  `)}`;
    })
    .join("\n");
}
