import { posix } from "node:path";
import type { CheckFinding, CheckMachine } from "../protocol/check.js";
import { PinokioError } from "../protocol/errors.js";

/** A failure to load something, as a finding. */
export function loadFinding(error: unknown, appFolder: string, level: CheckFinding["level"]): CheckFinding {
  const told = error instanceof PinokioError ? error : new PinokioError("internal", String(error));
  const { file, line, column, source } = told.context ?? {};
  const path = file === undefined ? undefined : withinApp(file, appFolder);
  const place = path === undefined ? "" : `${path}${line ? `:${line}` : ""}${column ? `:${column}` : ""}: `;
  const message = told.message.replaceAll(`${appFolder}/`, "");
  const isFenced = cameFromFence(error);
  const missing = missingPackage(error);
  const hint = isFenced ? told.hint : missing === null ? undefined : `It needs the Node package ${missing}`;
  return {
    level: isFenced ? "warning" : level,
    kind: "load",
    message: message.startsWith(place) ? message.slice(place.length) : message,
    ...(path === undefined ? {} : { file: path }),
    ...(line ? { line: Number(line) } : {}),
    ...(column ? { column: Number(column) } : {}),
    ...(source ? { source } : {}),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** The package of Node that code asks for and that is not there. */
export function missingPackage(error: unknown): string | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const [, name] = /Cannot find (?:module|package) '([^'./][^']*)'/.exec(cause.message) ?? [];
    if (name !== undefined) return name;
  }
  return null;
}

/** It reads a file that is not there, and that installing the app may make. */
export function isMadeLater(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ("code" in cause && cause.code === "ENOENT") return true;
  }
  return false;
}

const withinApp = (file: string, appFolder: string): string =>
  file.startsWith(`${appFolder}/`) ? posix.relative(appFolder, file) : file;

/** It wanted more than code that nobody has agreed to may do, which is no mistake. */
function cameFromFence(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ("code" in cause && cause.code === "ERR_ACCESS_DENIED") return true;
  }
  return false;
}

const CARDS: Record<CheckMachine["gpu"], string> = {
  nvidia: "with an NVIDIA card",
  amd: "with an AMD card",
  apple: "with Apple graphics",
  none: "without a graphics card",
};

const PLATFORMS: Record<CheckMachine["platform"], string> = { linux: "Linux", darwin: "macOS", win32: "Windows" };

export const machineText = ({ platform, gpu }: CheckMachine): string => `${PLATFORMS[platform]} ${CARDS[gpu]}`;

/** What a script says to the person, without its HTML. */
export function plainWords(params: unknown): string {
  const { html, text, message, raw, title, description } = (
    typeof params === "object" && params !== null ? params : {}
  ) as Record<string, unknown>;
  const words = [html, text, message, raw, title, description].find(
    (value) => typeof value === "string" && value !== "",
  );
  return String(words ?? "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 200);
}
