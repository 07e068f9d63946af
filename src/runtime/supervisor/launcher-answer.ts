import { lstatSync, realpathSync } from "node:fs";
import { basename, isAbsolute, sep } from "node:path";
import { cutFindings } from "../protocol/check.js";
import { PinokioError, type WireError } from "../protocol/errors.js";
import type { Frame } from "../protocol/frames.js";
import {
  bytesOf,
  cutDescription,
  cutText,
  cutTexts,
  FromLauncherHost,
  type LauncherDescription,
  type LauncherMenu,
} from "../protocol/launcher.js";
import { LAUNCHER } from "../protocol/limits.js";

// A host runs the code of apps, which can answer in its place: whatever comes from there is measured here.

/** Null for anything that is no answer; never throws. */
export function readAnswer(frame: Frame): FromLauncherHost | null {
  if (typeof frame !== "string") return null;
  try {
    const value: unknown = JSON.parse(frame);
    if (isDeeperThan(LAUNCHER.mostLevels, value)) return null;
    return FromLauncherHost.safeParse(value).data ?? null;
  } catch {
    return null;
  }
}

const isDeeperThan = (levels: number, value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((part) => isDeeperThan(levels - 1, part)));

export function boundedMenu(appDir: string, menu: LauncherMenu): LauncherMenu {
  const bytes = bytesOf(menu.menu);
  if (bytes > LAUNCHER.menuBytes) {
    throw new PinokioError(
      "menu-failed",
      `The menu of ${basename(appDir)} is ${Math.ceil(bytes / 1024)} KiB long; ${LAUNCHER.menuBytes / 1024} KiB are allowed`,
    );
  }
  const { findings = [], ...rest } = menu;
  return {
    ...cutTexts(rest),
    iconFile: iconOf(appDir, menu.iconFile),
    ...(findings.length === 0 ? {} : { findings: cutFindings(findings) }),
  };
}

export function boundedDescription(appDir: string, description: LauncherDescription): LauncherDescription {
  return { ...cutDescription(description), iconFile: iconOf(appDir, description.iconFile) };
}

/** Whatever code it names, an answer can only say that the launcher failed. */
export function failureOf({ message, hint, context }: WireError): PinokioError {
  const places = ["file", "line", "column", "source"].flatMap((key) => {
    const text = context?.[key];
    return text === undefined ? [] : [[key, cutText(text, LAUNCHER.context)] as const];
  });
  return new PinokioError("menu-failed", cutText(message, LAUNCHER.message), {
    hint: hint === undefined ? undefined : cutText(hint, LAUNCHER.message),
    context: places.length === 0 ? undefined : Object.fromEntries(places),
  });
}

export const nonsense = (app: string): PinokioError =>
  new PinokioError("menu-failed", `The launcher of ${app} gave too much or nonsense as an answer`);

/** Null unless it is a small file of the app: a picture is read for people who have not agreed to anything. */
function iconOf(appDir: string, file: string | null): string | null {
  if (file === null || !isAbsolute(file)) return null;
  try {
    const found = lstatSync(file);
    const isInside = realpathSync.native(file).startsWith(realpathSync.native(appDir) + sep);
    return isInside && found.isFile() && found.size <= LAUNCHER.iconBytes ? file : null;
  } catch {
    return null;
  }
}
