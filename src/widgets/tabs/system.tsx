import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { SidecarStatus } from "../../runtime/protocol/sidecar.js";
import { isLive } from "../../runtime/protocol/runs.js";
import { useAction, useAnswer, useHost, useObstacle, useRemembered, useRuns, useSidecarNow } from "../host.js";
import { durationText, sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { NoticeList } from "../parts/notice-list.js";
import { gpuText, reportText } from "../report.js";
import type { Translate } from "../view.js";
import type { Tab } from "./tab.js";

export const systemTab: Tab = { id: "system", label: "System", icon: "system", View: System };

function System() {
  const { t } = useHost();
  const runs = useRuns();
  const machine = useAnswer("machine.facts", {});
  const sidecar = useAnswer("sidecar.status", {}, String(runs.filter(isLive).length));
  const now = useSidecarNow(false);
  const facts = machine.value;
  const status = sidecar.value;

  return (
    <>
      <NoticeList />
      {machine.error === null ? null : <ErrorCard error={machine.error} />}
      {sidecar.error === null ? null : <ErrorCard error={sidecar.error} />}
      {facts === null ? null : (
        <section>
          <h2 className="pk-heading">{t("Machine")}</h2>
          <p>{facts.keeps}</p>
          <Facts
            facts={[
              [t("Platform"), facts.platformLabel],
              [t("System"), `${facts.os} · ${facts.arch}`],
              [t("Processor"), t("{cpu} · {cores} cores", { cpu: facts.cpu, cores: facts.cores })],
              [t("Memory"), sizeText(facts.memoryBytes)],
              ...(facts.gpus.length === 0
                ? [[t("GPU"), t("none found")] as const]
                : facts.gpus.map((gpu) => [t("GPU"), gpuText(gpu)] as const)),
              [t("Python"), facts.python ?? t("none found")],
              [
                t("Disk"),
                t("{free} free of {total}", {
                  free: sizeText(facts.disk.freeBytes),
                  total: sizeText(facts.disk.totalBytes),
                }),
              ],
            ]}
          />
        </section>
      )}
      {status === null ? null : (
        <section>
          <h2 className="pk-heading">PinokioCloud</h2>
          <Facts
            facts={[
              [t("Version"), status.version],
              [t("Mode"), modeText(status, t)],
              [t("Home"), status.home],
              [t("Log file"), status.logFile],
              [t("Its own memory"), sizeText(status.memoryBytes)],
              [t("Running for"), durationText(now - Date.parse(status.startedAt))],
              [
                t("When idle"),
                status.idleMinutes === 0
                  ? t("Stays until it is stopped")
                  : t("Ends after {minutes} min without a run and a viewer", { minutes: status.idleMinutes }),
              ],
            ]}
          />
        </section>
      )}
      {facts === null && status === null ? null : <Report text={reportText(facts, status, navigator.userAgent)} />}
      <StopEverything liveRuns={runs.filter(isLive).length} />
    </>
  );
}

function modeText({ mode, modeReason }: SidecarStatus, t: Translate): string {
  const word = { full: t("Full"), minimal: t("Minimal"), "read-only": t("Read-only") }[mode];
  return modeReason === null ? word : `${word}: ${modeReason}`;
}

function Facts({ facts }: { facts: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className="pk-facts">
      {facts.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd className="pk-path">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Report({ text }: { text: string }) {
  const { t } = useHost();
  const shown = useRef<HTMLPreElement>(null);
  const [result, setResult] = useState<"copied" | "selected" | null>(null);
  const [open, setOpen] = useRemembered("report", false);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setResult("copied");
    } catch {
      // Pages inside of pages may not write to the clipboard: the text is selected instead.
      flushSync(() => setOpen(true));
      if (shown.current !== null) getSelection()?.selectAllChildren(shown.current);
      setResult("selected");
    }
  };

  return (
    <section>
      <h2 className="pk-heading">{t("Report")}</h2>
      <p className="pk-soft pk-above-actions">{t("What somebody who helps you needs to know. It holds no secrets.")}</p>
      <div className="pk-actions">
        <Button icon="copy" onPress={() => void copy()}>
          {t("Copy report")}
        </Button>
        <Button kind="quiet" expanded={open} onPress={() => setOpen(!open)}>
          {open ? t("Hide what it says") : t("Show what it says")}
        </Button>
        <span role="status" className="pk-soft">
          {result === "copied" ? t("Copied") : result === "selected" ? t("Selected: copy it with the keyboard") : ""}
        </span>
      </div>
      {open ? (
        <pre ref={shown} className="pk-report" tabIndex={0} aria-label={t("Report")}>
          {text}
        </pre>
      ) : null}
    </section>
  );
}

function StopEverything({ liveRuns }: { liveRuns: number }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const [asking, setAsking] = useState(false);
  const loss =
    liveRuns === 0
      ? t("Stop PinokioCloud (nothing is running)")
      : liveRuns === 1
        ? t("Stop 1 running script and PinokioCloud")
        : t("Stop {count} running scripts and PinokioCloud", { count: liveRuns });

  return (
    <section>
      <h2 className="pk-heading">{t("Stop everything")}</h2>
      <p className="pk-soft pk-above-actions">
        {t("Ends every script, then PinokioCloud itself. Installed apps and their files stay.")}
      </p>
      <div className="pk-actions">
        {asking ? (
          <>
            <Button
              kind="danger"
              obstacle={obstacle}
              busy={action.busy}
              onPress={() =>
                action.start(async () => {
                  await client.request("sidecar.down", {});
                  setAsking(false);
                })
              }
            >
              {loss}
            </Button>
            <Button onPress={() => setAsking(false)}>{t("Cancel")}</Button>
          </>
        ) : (
          <Button icon="stop" obstacle={obstacle} onPress={() => setAsking(true)}>
            {t("Stop everything")}
          </Button>
        )}
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </section>
  );
}
