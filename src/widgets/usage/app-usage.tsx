import { useRef } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import { isLive, type Run } from "../../runtime/protocol/runs.js";
import { scriptName } from "../app-condition.js";
import { useHost } from "../host.js";
import { usedFacts } from "../library/used-facts.js";
import { RunFigures } from "./figures.js";
import { useUsage } from "./use-usage.js";

/** What an app uses now, and how it was used. */
export function AppUsage({ app, runs }: { app: App; runs: readonly Run[] }) {
  const { t } = useHost();
  const section = useRef<HTMLElement>(null);
  // One that waits for others has not begun.
  const live = runs.filter((run) => isLive(run) && run.waitsFor === undefined);
  const facts = usedFacts(app, Date.now(), t);
  if (live.length === 0 && facts.length === 0) return null;
  return (
    <section className="pk-page-usage" aria-label={t("Usage")} ref={section}>
      <h3 className="pk-heading">{t("Usage")}</h3>
      {live.length === 0 ? null : <Now runs={live} section={section} />}
      <dl className="pk-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Now({ runs, section }: { runs: readonly Run[]; section: { readonly current: HTMLElement | null } }) {
  const recent = useUsage(section);
  return runs.map((run) => (
    <div key={run.id} className="pk-page-figures">
      {runs.length === 1 ? null : <p className="pk-soft">{scriptName(run)}</p>}
      <RunFigures recent={recent} runId={run.id} />
    </div>
  ));
}
