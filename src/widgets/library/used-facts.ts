import type { App } from "../../runtime/protocol/apps.js";
import { sizeText } from "../measures.js";
import type { Translate } from "../view.js";
import { agoText, spanText } from "./ago.js";

/** How an app was used: a name and what is known of it. */
export function usedFacts({ statistics, runs }: App, now: number, t: Translate): [string, string][] {
  if (statistics === undefined) return [];
  const facts: [string, string][] = [];
  const { launches, runningMs, lastUsedAt, peakGpuMemoryBytes } = statistics;
  if (launches > 0) {
    const parts = [launches === 1 ? t("once") : t("{count} times", { count: launches })];
    // Both are counted when a run has ended.
    if (runs.length === 0) parts.push(t("{time} in all", { time: spanText(runningMs, t) }));
    if (runs.length === 0 && lastUsedAt !== null) {
      parts.push(t("last {ago}", { ago: agoText(now - Date.parse(lastUsedAt), t) }));
    }
    facts.push([t("Used"), parts.join(", ")]);
  }
  if (peakGpuMemoryBytes != null) {
    facts.push([t("GPU memory"), t("at most {size}", { size: sizeText(peakGpuMemoryBytes) })]);
  }
  return facts;
}
