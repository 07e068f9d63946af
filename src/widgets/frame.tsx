import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { toWireError, type WireError } from "../runtime/protocol/errors.js";
import type { AppId } from "../runtime/protocol/ids.js";
import { isLive } from "../runtime/protocol/runs.js";
import { Announcer } from "./announcer.js";
import { sheetKey } from "./changes/app-changes.js";
import { Consent } from "./consent.js";
import { NO_WISH, WISH_KEY } from "./discover/wish.js";
import {
  type ConsentRequest,
  type Frame,
  FrameProvider,
  outputKey,
  pageRunKey,
  remember,
  TAB_KEY,
  useAnswer,
  useHost,
  useRuns,
} from "./host.js";
import { leadTo } from "./led-to.js";
import { sizeText } from "./measures.js";
import type { Target } from "./navigation.js";
import { NoticeLine } from "./notice-line.js";
import { AppPage, RUN_PART_KEY } from "./pages/app-page.js";
import { IconButton } from "./parts/button.js";
import { Guarded } from "./parts/guarded.js";
import { TabBar } from "./tab-bar.js";
import type { Tab } from "./tabs/tab.js";
import { Toasts } from "./told/toasts.js";
import type { ViewHost } from "./view.js";
import { useWayBack } from "./way-back.js";

/** An app's page, shown over a tab. */
interface Page {
  appId: AppId;
  /** How far the tab below was scrolled. */
  scrolled: number;
}

/** Puts down for the view that is drawn next what else is wanted of it. */
export function noteWishes(target: Target, memory: Map<string, unknown>): void {
  const { appId, runId, part, change, section, search } = target;
  if (appId !== null) remember(memory, pageRunKey(appId), runId);
  if (part !== undefined) memory.set(RUN_PART_KEY, part);
  // What else is wanted of the page takes the place of a sheet that was left open there.
  const isElsewhere = runId !== null || part !== undefined || section !== undefined;
  if (appId !== null && (change !== undefined || isElsewhere)) remember(memory, sheetKey(appId), change ?? null);
  if (section !== undefined) leadTo(memory, section, appId);
  else if (appId !== null && part !== undefined) leadTo(memory, "run", appId);
  if (search !== undefined) memory.set(WISH_KEY, { ...NO_WISH, text: search });
}

/** Title, notice line and tabs: what the panel and the notebook show. */
export function FrameView({ host, tabs }: { host: ViewHost; tabs: readonly Tab[] }) {
  const frameId = useId();
  const [memory] = useState(() => host.memory ?? new Map<string, unknown>());
  const [selected, setSelected] = useState(
    () => (tabs.find(({ id }) => id === memory.get(TAB_KEY)) ?? tabs[0])?.id ?? "",
  );
  const [consent, setConsent] = useState<ConsentRequest | null>(null);
  const [failure, setFailure] = useState<WireError | null>(null);
  const [page, setPage] = useState<Page | null>(null);
  /** Counts what was asked for from outside: a view reads what it remembers when it is drawn. */
  const [round, setRound] = useState(0);
  const panel = useRef<HTMLDivElement>(null);
  const leaveForPage = useWayBack(panel, page !== null);
  const leaveForConsent = useWayBack(panel, consent !== null);

  const goTo = useCallback(
    (id: string) => {
      setConsent(null);
      setPage(null);
      setSelected(id);
      memory.set(TAB_KEY, id);
      panel.current?.scrollTo?.({ top: 0 });
    },
    [memory],
  );

  const show = useCallback(
    (target: Target) => {
      const { appId, runId, tabId = "running" } = target;
      noteWishes(target, memory);
      if (appId === null) {
        if (runId !== null) memory.set(outputKey(runId), true);
        return goTo(tabId);
      }
      const scrolled = panel.current?.scrollTop ?? 0;
      setConsent(null);
      leaveForPage();
      setPage((before) => ({ appId, scrolled: before?.scrolled ?? scrolled }));
      panel.current?.scrollTo?.({ top: 0 });
    },
    [memory, goTo, leaveForPage],
  );
  useEffect(
    () =>
      host.navigation?.listen((target) => {
        show(target);
        setRound((before) => before + 1);
      }),
    [host.navigation, show],
  );

  const back = useBack(page, setPage, panel);

  const frame: Frame = useMemo(
    () => ({
      host,
      memory,
      goTo,
      askForConsent: (request) => {
        leaveForConsent();
        setConsent(request);
        panel.current?.scrollTo?.({ top: 0 });
      },
      showApp: (appId, runId = null) => show({ appId, runId }),
      showRun: ({ id, appId }) => show({ appId, runId: id }),
      openPage: (url) => {
        setFailure(null);
        host.openUrl(url).catch((error: unknown) => setFailure(toWireError(error)));
      },
    }),
    [host, memory, goTo, show, leaveForConsent],
  );

  const tab = tabs.find(({ id }) => id === selected);
  return (
    <FrameProvider value={frame}>
      <TitleRow view={tab?.label ?? null} />
      <NoticeLine
        failure={failure}
        onDismissFailure={() => setFailure(null)}
        appOnShow={consent === null ? (page?.appId ?? null) : null}
        tabOnShow={consent === null && page === null ? selected : null}
        areNoticesOnShow={consent === null && page === null && selected === "system"}
      />
      <TabsOf tabs={tabs} selected={selected} frameId={frameId} onSelect={goTo} />
      <div
        ref={panel}
        className="pk-panel"
        role="tabpanel"
        id={`${frameId}-panel`}
        aria-labelledby={`${frameId}-tab-${selected}`}
        tabIndex={0}
      >
        <Guarded key={`${selected} ${page?.appId ?? ""} ${round}`}>
          {consent !== null ? (
            <Consent request={consent} onClose={() => setConsent(null)} />
          ) : page !== null ? (
            <AppPage key={page.appId} appId={page.appId} onBack={back} />
          ) : tab === undefined ? null : (
            <div className="pk-view">
              <tab.View />
            </div>
          )}
        </Guarded>
      </div>
      <Announcer />
      {host.showsToasts === true ? null : <Toasts />}
    </FrameProvider>
  );
}

/** Leaves the page; the tab below is where it was. */
function useBack(
  page: Page | null,
  setPage: (page: Page | null) => void,
  panel: { readonly current: HTMLDivElement | null },
): () => void {
  const scrollTo = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (page !== null || scrollTo.current === null) return;
    panel.current?.scrollTo?.({ top: scrollTo.current });
    scrollTo.current = null;
  }, [page, panel]);
  return () => {
    scrollTo.current = page?.scrolled ?? null;
    setPage(null);
  };
}

function TitleRow({ view }: { view: string | null }) {
  const { t, places } = useHost();
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
    <div className="pk-title">
      <div className="pk-title-names">
        <h1>PinokioCloud</h1>
        {view === null ? null : <h2 className="pk-title-view pk-soft">{t(view)}</h2>}
      </div>
      <p className="pk-soft pk-number pk-machine" title={`${parts.join(" · ")}${activity}`}>
        {parts.join(" · ")}
        <span className="pk-activity">{activity}</span>
      </p>
      {places?.openAll === undefined ? null : (
        <IconButton icon="open" label={t("Open PinokioCloud in a tab")} onPress={() => places.openAll?.()} />
      )}
    </div>
  );
}

function TabsOf(props: { tabs: readonly Tab[]; selected: string; frameId: string; onSelect(id: string): void }) {
  const running = useRuns().filter(isLive).length;
  return <TabBar {...props} counts={{ running }} />;
}
