import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { toWireError, type WireError } from "../runtime/protocol/errors.js";
import type { AppId } from "../runtime/protocol/ids.js";
import { Announcer } from "./announcer.js";
import { Consent } from "./consent.js";
import { noteWishes } from "./frame.js";
import { type ConsentRequest, type Frame, FrameProvider } from "./host.js";
import type { Target } from "./navigation.js";
import { NoticeLine } from "./notice-line.js";
import { AppPage } from "./pages/app-page.js";
import { Guarded } from "./parts/guarded.js";
import { Toasts } from "./told/toasts.js";
import type { ViewHost } from "./view.js";
import { useWayBack } from "./way-back.js";

interface LoneFrameProps {
  host: ViewHost;
  /** The app that this is about, or null. */
  appId: AppId | null;
  /** Shows the app itself, where this is not its page. */
  onShow?(): void;
  children: ReactNode;
}

/** What views need around them, without the tabs: for one that stands alone. */
export function LoneFrame({ host, appId, onShow, children }: LoneFrameProps) {
  const [memory] = useState(() => new Map<string, unknown>());
  const [consent, setConsent] = useState<ConsentRequest | null>(null);
  const [failure, setFailure] = useState<WireError | null>(null);
  const [round, setRound] = useState(0);
  const panel = useRef<HTMLDivElement>(null);
  const leaveForConsent = useWayBack(panel, consent !== null);
  const toTop = () => panel.current?.scrollTo?.({ top: 0 });

  const show = useCallback(
    (target: Target) => {
      if (target.appId === null) return host.places?.showTab(target.tabId ?? "running");
      if (target.appId !== appId) return host.places?.openApp(target.appId);
      noteWishes(target, memory);
      setConsent(null);
      onShow?.();
    },
    [host.places, appId, memory, onShow],
  );
  useEffect(
    () =>
      host.navigation?.listen((target) => {
        show(target);
        setRound((before) => before + 1);
      }),
    [host.navigation, show],
  );

  const frame: Frame = useMemo(
    () => ({
      host,
      memory,
      goTo: (tabId) => show({ appId: null, runId: null, tabId }),
      askForConsent: (request) => {
        leaveForConsent();
        setConsent(request);
        toTop();
      },
      showApp: (id, runId = null) => show({ appId: id, runId }),
      showRun: (run) => show({ appId: run.appId, runId: run.id }),
      openPage: (url) => {
        setFailure(null);
        host.openUrl(url).catch((error: unknown) => setFailure(toWireError(error)));
      },
    }),
    [host, memory, show, leaveForConsent],
  );

  return (
    <FrameProvider value={frame}>
      <NoticeLine
        failure={failure}
        onDismissFailure={() => setFailure(null)}
        appOnShow={consent === null ? appId : null}
        tabOnShow={null}
        areNoticesOnShow
      />
      <div ref={panel} className="pk-panel pk-lone" tabIndex={0}>
        <Guarded key={round}>
          {consent === null ? children : <Consent request={consent} onClose={() => setConsent(null)} />}
        </Guarded>
      </div>
      <Announcer />
      {host.showsToasts === true ? null : <Toasts />}
    </FrameProvider>
  );
}

/** One app's page, where a host gives it a place of its own. */
export function LoneAppPage({ host, appId }: { host: ViewHost; appId: AppId }) {
  return (
    <LoneFrame host={host} appId={appId}>
      <AppPage appId={appId} onBack={null} />
    </LoneFrame>
  );
}
