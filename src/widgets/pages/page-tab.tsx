import { type ReactNode, useCallback, useEffect, useState } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import type { Run } from "../../runtime/protocol/runs.js";
import { appSituation, webPageOf } from "../app-condition.js";
import { useAction, useHost, useRuns, useSnapshot } from "../host.js";
import { LoneFrame } from "../lone-frame.js";
import { AppButtons, AppFailure, AppStatus } from "../parts/app-controls.js";
import { Button } from "../parts/button.js";
import { Empty } from "../parts/empty.js";
import { ErrorCard } from "../parts/error-card.js";
import type { ViewHost } from "../view.js";
import { type PathTrouble, troubleBelowPath } from "./below-path.js";
import { refusalOf } from "./framing.js";

/** A web page of an app, in a place of its own. The page itself is shown by the host, over this view. */
export interface PageTab {
  appId: AppId;
  /** Null for the app's own page, wherever that is. */
  url: string | null;
  /** Whether a person has agreed to showing this app's pages here at such an address. */
  isTrusted(app: App, address: string): boolean;
  trust(app: App, address: string): Promise<void>;
  /** The address that this browser reaches a page at. */
  addressOf(url: string): Promise<string>;
  openInBrowser(url: string): Promise<void>;
  /** The address to show over the view, or null for the view itself. */
  show(address: string | null): void;
}

export function PageTabView({ host, tab }: { host: ViewHost; tab: PageTab }) {
  const toApp = useCallback(() => host.places?.openApp(tab.appId), [host.places, tab.appId]);
  return (
    <LoneFrame host={host} appId={tab.appId} onShow={toApp}>
      <div className="pk-view">
        <Page tab={tab} />
      </div>
    </LoneFrame>
  );
}

function Page({ tab }: { tab: PageTab }) {
  const { t } = useHost();
  const app = useSnapshot()?.apps.find(({ id }) => id === tab.appId);
  const runs = useRuns();
  if (app === undefined) return <Hidden tab={tab} title={t("This app is not installed any more")} />;
  const situation = appSituation(app, runs, t);
  const own = webPageOf(app, runs);
  const { run } = situation;
  const url = run === null ? null : (tab.url ?? own);
  if (run !== null && url !== null) return <Reached key={url} tab={tab} app={app} run={run} url={url} />;
  return (
    <Hidden
      tab={tab}
      title={
        run === null
          ? t("{title} does not run", { title: app.title || app.id })
          : t("{title} has no page open yet", { title: app.title || app.id })
      }
    >
      <p>
        <AppStatus situation={situation} />
      </p>
      <p className="pk-actions">
        <AppButtons app={app} situation={situation} />
      </p>
      <AppFailure app={app} situation={situation} place="web page" />
    </Hidden>
  );
}

/** Nothing is shown over what this says. */
function Hidden({ tab, title, children }: { tab: PageTab; title: string; children?: ReactNode }) {
  useEffect(() => void tab.show(null), [tab]);
  return <Empty title={title}>{children}</Empty>;
}

interface Found {
  address: string;
  /** Why it may not be shown inside of this page, in its own words, or null. */
  refusal: string | null;
  trouble: PathTrouble | null;
}

const TROUBLES: Record<PathTrouble, string> = {
  "root-parts":
    "It looks for its parts at the top of a server, and Jupyter passes it on below {path}. It works where its port is reached directly: on the machine itself, or forwarded to yours, for instance by SSH.",
  "other-root":
    "It was started without knowing that it is opened below {path}. Restart it: PinokioCloud tells it then, unless its own code says otherwise.",
};

/** A page that is there: shown, once it may be. */
function Reached({ tab, app, run, url }: { tab: PageTab; app: App; run: Run; url: string }) {
  const { client, t } = useHost();
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const [, setAgreed] = useState(false);
  const [isShownAnyway, showAnyway] = useState(false);
  const agreeing = useAction();
  const opening = useAction();
  const restarting = useAction();

  useEffect(() => {
    let isCurrent = true;
    const look = async (): Promise<Found> => {
      // What a page does not say, or a sidecar of another version does not know, forbids nothing.
      const asked = client.request("pages.framing", { url }).catch(() => null);
      const address = await tab.addressOf(url);
      const [framing, trouble] = await Promise.all([asked, troubleBelowPath(address)]);
      return { address, trouble, refusal: framing === null ? null : refusalOf(framing, address, location.href) };
    };
    look().then(
      (next) => isCurrent && setFound(next),
      (reason: unknown) => isCurrent && setError(toWireError(reason)),
    );
    return () => void (isCurrent = false);
  }, [client, tab, url]);

  const isTrusted = found !== null && tab.isTrusted(app, found.address);
  const isWhole = found !== null && (found.trouble === null || isShownAnyway);
  const shown = found !== null && found.refusal === null && isWhole && isTrusted ? found.address : null;
  useEffect(() => void tab.show(shown), [tab, shown]);

  const title = app.title || app.id;
  const elsewhere = (
    <Button icon="open" busy={opening.busy} onPress={() => opening.start(() => tab.openInBrowser(url))}>
      {t("Open in a browser tab")}
    </Button>
  );
  if (error !== null) return <ErrorCard error={error} />;
  if (found === null || shown !== null) return null;
  const restart = () => client.request("runs.restart", { runId: run.id });
  const failed = [agreeing, opening, restarting].map(({ error, dismiss }, at) =>
    error === null ? null : <ErrorCard key={at} error={error} onDismiss={dismiss} />,
  );
  if (found.refusal !== null) {
    return (
      <Empty title={t("{title} does not want to be shown inside of another page", { title })}>
        <p className="pk-soft">
          {t("Its page says so ({header}). In a browser tab it works.", { header: found.refusal })}
        </p>
        {elsewhere}
        {failed}
      </Empty>
    );
  }
  if (found.trouble !== null && !isShownAnyway) {
    return (
      <Empty title={t("The page of {title} would not be whole here", { title })}>
        <p className="pk-soft">{t(TROUBLES[found.trouble], { path: new URL(found.address).pathname })}</p>
        <p className="pk-actions">
          {found.trouble !== "other-root" ? null : (
            <Button kind="primary" icon="refresh" busy={restarting.busy} onPress={() => restarting.start(restart)}>
              {t("Restart")}
            </Button>
          )}
          <Button onPress={() => showAnyway(true)}>{t("Show it all the same")}</Button>
        </p>
        {failed}
      </Empty>
    );
  }
  const agree = async () => {
    await tab.trust(app, found.address);
    setAgreed(true);
  };
  return (
    <section className="pk-trust" aria-label={t("Show the page of {title} here?", { title })}>
      <h2 className="pk-page-title" tabIndex={-1}>
        {t("Show the page of {title} here?", { title })}
      </h2>
      <Powers address={found.address} />
      <p className="pk-soft">{t("This is asked once for each app. The settings of PinokioCloud hold the answers.")}</p>
      <div className="pk-actions">
        <Button kind="primary" busy={agreeing.busy} onPress={() => agreeing.start(agree)}>
          {t("Show it here")}
        </Button>
        {elsewhere}
      </div>
      {failed}
    </section>
  );
}

/** What a page at this address could do while it is shown inside of this one. */
function Powers({ address }: { address: string }) {
  const { t } = useHost();
  const { origin } = new URL(address);
  if (origin === location.origin) {
    return (
      <>
        <p>
          {t(
            "Its address here is that of Jupyter itself ({origin}). The page could do what you can do in Jupyter: read, change and delete your files, and run code.",
            { origin },
          )}
        </p>
        <p>{t("A browser tab does not change that. Agree if you trust the app and what it shows.")}</p>
      </>
    );
  }
  return (
    <p>
      {t(
        "It has an address of its own ({origin}): it cannot reach into Jupyter's pages. It could look like a part of Jupyter, offer downloads, write to the clipboard and open windows.",
        { origin },
      )}
    </p>
  );
}
