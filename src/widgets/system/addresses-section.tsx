import { useEffect, useState } from "react";
import { useFrame, useHost, useRuns, useSnapshot } from "../host.js";
import { Button } from "../parts/button.js";
import { FoldedSection } from "../parts/folded-section.js";
import { Icon } from "../parts/icon.js";
import type { Reach } from "../reach.js";
import type { Translate } from "../view.js";
import { addressesOf, type RunAddress } from "./addresses.js";

/** How apps' pages are reached, and which addresses others could open. */
export function AddressesSection() {
  const { t } = useHost();
  const addresses = addressesOf(useRuns());
  const open = addresses.filter(({ isOwn }) => !isOwn);
  const own = addresses.filter(({ isOwn }) => isOwn);
  const reach = useReach();
  const summary = open.length === 0 ? t("no tunnel") : t("{count} open to others", { count: open.length });
  return (
    <FoldedSection id="addresses" title={t("Addresses and tunnels")} summary={summary}>
      {reach === null ? null : <p>{wayText(reach, t)}</p>}
      {own.length === 0 ? (
        <p className="pk-soft">{t("No app that runs has told of a page.")}</p>
      ) : (
        <AddressList addresses={own} />
      )}
      <h3 className="pk-heading">{t("Open to others")}</h3>
      {open.length === 0 ? (
        <p className="pk-soft">
          {t(
            "No tunnel is open. PinokioCloud opens none by itself; an app can, and it is listed here as soon as its script tells of it.",
          )}
        </p>
      ) : (
        <>
          <p className="pk-warning-text">
            {t("Whoever knows such an address may be able to open it. It ends with the app that has opened it.")}
          </p>
          <AddressList addresses={open} />
        </>
      )}
    </FoldedSection>
  );
}

function wayText(reach: Reach, t: Translate): string {
  const ways: Record<Reach, string> = {
    directly: t(
      "This browser reaches apps' pages directly: it is on the same machine, or a tunnel of yours leads there.",
    ),
    "server-proxy": t(
      "This browser reaches apps' pages through Jupyter's own proxy. Only who may log in to this Jupyter can open them.",
    ),
    colab: t("This browser reaches apps' pages by an address that Colab gives each port. Only your login opens it."),
    none: t("This browser cannot reach apps' pages. Where Jupyter runs, jupyter-server-proxy would pass them on."),
  };
  return ways[reach];
}

function AddressList({ addresses }: { addresses: readonly RunAddress[] }) {
  const { host, openPage, showRun } = useFrame();
  const { t } = host;
  const apps = useSnapshot()?.apps ?? [];
  return (
    <ul className="pk-rows pk-address-rows">
      {addresses.map(({ run, url }) => (
        <li key={`${run.id} ${url}`}>
          <span className="pk-address">
            <bdi>{apps.find(({ id }) => id === run.appId)?.title || run.script}</bdi>
            <button type="button" className="pk-link" onClick={() => openPage(url)}>
              {url}
              <Icon name="open" />
            </button>
          </span>
          <Button kind="quiet" onPress={() => showRun(run)}>
            {t("Show the run")}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function useReach(): Reach | null {
  const { reach } = useHost();
  const [found, setFound] = useState<Reach | null>(null);
  useEffect(() => {
    let isCurrent = true;
    reach?.().then(
      (way) => isCurrent && setFound(way),
      () => undefined, // a server that does not answer is said elsewhere
    );
    return () => void (isCurrent = false);
  }, [reach]);
  return found;
}
