import { PinokioError } from "../protocol/errors.js";
import type { Shelf } from "../protocol/shelf.js";
import { quotedWord } from "./command-words.js";
import { nearNames } from "./near-names.js";

/** Apps by name: those that are here, and those whose folders are gone. */
export interface KnownApps {
  here: readonly string[];
  gone: readonly string[];
}

export const knownIn = ({ items, missing }: Shelf): KnownApps => ({
  here: items.flatMap((item) => ("app" in item ? [item.app] : item.apps)),
  gone: missing.map(({ appId }) => appId),
});

/** Whoever does not know the apps names none: what is known is said where a request is answered. */
export function appMissing(app: string, known: KnownApps | null = null): PinokioError {
  const isGone = known?.gone.includes(app) === true;
  return new PinokioError("app-missing", isGone ? goneText(app) : `No app named ${app} is installed`, {
    hint: isGone ? `Put the folder back, or: pinokiocloud library forget ${quotedWord(app)}` : hintFor(app, known),
    context: { app },
  });
}

/** With what is known of the apps, where it is about one that is missing. */
export function withKnownApps(error: unknown, known: () => KnownApps): unknown {
  if (!(error instanceof PinokioError) || error.code !== "app-missing") return error;
  const app = error.context?.["app"];
  return app === undefined ? error : appMissing(app, known());
}

export const goneText = (app: string): string => `${app} was installed here, and its folder is gone`;

/** What somebody may have meant, or null. */
export function nearText(name: string, { here, gone }: KnownApps): string | null {
  const near = nearNames(name, [...here, ...gone]);
  return near.length === 0 ? null : `Near to it: ${near.join(", ")}`;
}

function hintFor(name: string, known: KnownApps | null): string {
  const near = known === null ? null : nearText(name, known);
  if (near !== null) return near;
  if (known?.here.length === 0) return "Install it first: nothing is installed";
  return "`pinokiocloud list` shows the installed apps";
}
