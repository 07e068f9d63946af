import { type ReactNode, useCallback, useId, useMemo, useRef, useState } from "react";
import { toWireError, type WireError } from "../runtime/protocol/errors.js";
import { isLive } from "../runtime/protocol/runs.js";
import { Announcer } from "./announcer.js";
import { useConnectionLine } from "./connection-line.js";
import { Consent } from "./consent.js";
import {
  type ConsentRequest,
  type Frame,
  FrameProvider,
  outputKey,
  useAnswer,
  useHost,
  useRuns,
  useSnapshot,
} from "./host.js";
import { sizeText } from "./measures.js";
import { NoticeLine } from "./notice-line.js";
import { Button } from "./parts/button.js";
import { Empty } from "./parts/empty.js";
import { ErrorBoundary } from "./parts/error-boundary.js";
import { ErrorCard } from "./parts/error-card.js";
import { TabBar } from "./tab-bar.js";
import type { Tab } from "./tabs/tab.js";
import type { ViewHost } from "./view.js";

/** Title, notice line and tabs: what the panel and the notebook show. */
export function FrameView({ host, tabs }: { host: ViewHost; tabs: readonly Tab[] }) {
  const frameId = useId();
  const [memory] = useState(() => new Map<string, unknown>());
  const [selected, setSelected] = useState(tabs[0]?.id ?? "");
  const [consent, setConsent] = useState<ConsentRequest | null>(null);
  const [failure, setFailure] = useState<WireError | null>(null);
  const panel = useRef<HTMLDivElement>(null);

  const goTo = useCallback((id: string) => {
    setConsent(null);
    setSelected(id);
    panel.current?.scrollTo?.({ top: 0 });
  }, []);

  const frame: Frame = useMemo(
    () => ({
      host,
      memory,
      goTo,
      askForConsent: (request) => {
        setConsent(request);
        panel.current?.scrollTo?.({ top: 0 });
      },
      showRun: (runId) => {
        memory.set(outputKey(runId), true);
        goTo("running");
      },
      openPage: (url) => {
        setFailure(null);
        host.openUrl(url).catch((error: unknown) => setFailure(toWireError(error)));
      },
    }),
    [host, memory, goTo],
  );

  const tab = tabs.find(({ id }) => id === selected);
  return (
    <FrameProvider value={frame}>
      <TitleRow />
      <NoticeLine failure={failure} onDismissFailure={() => setFailure(null)} />
      <TabsOf tabs={tabs} selected={selected} frameId={frameId} onSelect={goTo} />
      <div
        ref={panel}
        className="pk-panel"
        role="tabpanel"
        id={`${frameId}-panel`}
        aria-labelledby={`${frameId}-tab-${selected}`}
        tabIndex={0}
      >
        <ErrorBoundary key={selected} fallback={(error, retry) => <BrokenTab error={error} onRetry={retry} />}>
          <WhenKnown>
            {consent !== null ? (
              <Consent
                request={consent}
                onClose={() => {
                  setConsent(null);
                  panel.current?.focus();
                }}
              />
            ) : tab === undefined ? null : (
              <div className="pk-view">
                <tab.View />
              </div>
            )}
          </WhenKnown>
        </ErrorBoundary>
      </div>
      <Announcer />
    </FrameProvider>
  );
}

function TitleRow() {
  const { t } = useHost();
  const running = useRuns().filter(isLive).length;
  // What a run did to the disk shows when it ends.
  const facts = useAnswer("machine.facts", {}, String(running)).value;
  const gpu = facts?.gpus[0];
  const parts =
    facts === null
      ? []
      : [
          gpu === undefined ? t("{cores} cores", { cores: facts.cores }) : gpu.name,
          sizeText(gpu?.memoryBytes ?? facts.memoryBytes),
          t("{size} disk free", { size: sizeText(facts.disk.freeBytes) }),
        ].filter((part) => part !== null);
  const activity = running === 0 || facts === null ? "" : ` · ${t("{count} running", { count: running })}`;
  return (
    <header className="pk-title">
      <h1>PinokioCloud</h1>
      <p className="pk-soft pk-number pk-machine" title={`${parts.join(" · ")}${activity}`}>
        {parts.join(" · ")}
        <span className="pk-activity">{activity}</span>
      </p>
    </header>
  );
}

function TabsOf(props: { tabs: readonly Tab[]; selected: string; frameId: string; onSelect(id: string): void }) {
  const running = useRuns().filter(isLive).length;
  return <TabBar {...props} counts={{ running }} />;
}

/** Until something was heard from the sidecar there is nothing to draw but why. */
function WhenKnown({ children }: { children: ReactNode }) {
  const line = useConnectionLine();
  const known = useSnapshot() !== null;
  if (known) return children;
  if (line === null) return null;
  return (
    <Empty title={line.text}>
      {line.hint === undefined ? null : <p className="pk-soft">{line.hint}</p>}
      {line.action === undefined ? null : (
        <Button icon="refresh" onPress={line.action.press}>
          {line.action.label}
        </Button>
      )}
    </Empty>
  );
}

function BrokenTab({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const { t } = useHost();
  const { message } = toWireError(error);
  return (
    <ErrorCard
      error={{
        code: "internal",
        message: t("This view has an error: {message}", { message }),
        hint: t("The other views still work"),
      }}
    >
      <Button onPress={onRetry}>{t("Show it again")}</Button>
    </ErrorCard>
  );
}
