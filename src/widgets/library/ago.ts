import type { Translate } from "../view.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago something was, as roughly as one would say it. */
export function agoText(ms: number, t: Translate): string {
  if (ms < MINUTE) return t("just now");
  if (ms < HOUR) return t("{count} min ago", { count: Math.floor(ms / MINUTE) });
  if (ms < DAY) return t("{count} h ago", { count: Math.floor(ms / HOUR) });
  const days = Math.floor(ms / DAY);
  if (days === 1) return t("yesterday");
  if (days < 60) return t("{count} days ago", { count: days });
  return t("{count} months ago", { count: Math.floor(days / 30) });
}

/** A length of time that nobody counts in seconds any more: 45 min, 3.5 h, 120 h. */
export function spanText(ms: number, t: Translate): string {
  if (ms < HOUR) return t("{count} min", { count: Math.round(ms / MINUTE) });
  const hours = ms / HOUR;
  return t("{count} h", { count: hours < 10 ? Number(hours.toFixed(1)) : Math.round(hours) });
}
