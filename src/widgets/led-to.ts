import { type RefObject, useEffect } from "react";
import type { AppId } from "../runtime/protocol/ids.js";
import { type Frame, remember, useRemembered } from "./host.js";
import type { Section } from "./navigation.js";

interface Led {
  section: Section;
  app: AppId | null;
}

const KEY = "led to";

export const configKey = (app: AppId | null): string => `config open ${app ?? ""}`;
export const filesKey = (app: AppId | null): string => `files open ${app ?? ""}`;
export const FREEING_KEY = "freeing";
export const REPORT_KEY = "report";

/** What has to be open for it. */
const OPENED: Readonly<Record<Section, (app: AppId | null) => string[]>> = {
  settings: (app) => [configKey(app)],
  files: (app) => [filesKey(app)],
  run: () => [],
  "free-space": () => [FREEING_KEY],
  report: () => [REPORT_KEY, `fold ${REPORT_KEY}`],
};

/** Opens it, and brings it into sight with the focus as soon as it is drawn. */
export function leadTo(memory: Frame["memory"], section: Section, app: AppId | null): void {
  for (const key of OPENED[section](app)) remember(memory, key, true);
  remember(memory, KEY, { section, app } satisfies Led);
}

/** For the place itself. */
export function useLedTo(section: Section, app: AppId | null, place: RefObject<HTMLElement>): void {
  const [led, setLed] = useRemembered<Led | null>(KEY, null);
  useEffect(() => {
    if (led?.section !== section || led.app !== app || place.current === null) return;
    setLed(null);
    place.current.scrollIntoView?.({ block: "start" });
    place.current.focus({ preventScroll: true });
  }, [led, section, app, place, setLed]);
}
