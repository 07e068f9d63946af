import { memo, type ReactNode } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import type { FoundPackage } from "../../runtime/protocol/packages.js";
import { type AppSituation, appSituation } from "../app-condition.js";
import { byEscape } from "../by-escape.js";
import { useHost, useSelected } from "../host.js";
import { AppButtons, AppFailure, AppStatus } from "../parts/app-controls.js";
import { PackageButton } from "../packages/package-button.js";
import { AppPicture } from "../parts/app-picture.js";
import { Icon } from "../parts/icon.js";
import { WaitingLine } from "../parts/waiting-line.js";
import { InstallButton } from "./install-button.js";
import { PackageDetails } from "./package-details.js";
import { Verdict } from "./verdict.js";

interface CardProps {
  found: FoundPackage;
  /** Its details are shown. */
  isOpen: boolean;
  /** They are shown in the card itself. */
  holdsDetails: boolean;
  onOpen(id: string | null): void;
  onInstalling?: (app: AppId | null) => void;
  onSearch(text: string): void;
}

const NO_RUNS: never[] = [];

/** One package: what it is, how it fits, and the one thing to do with it next. */
export const PackageCard = memo(Card);

function Card({ found, isOpen, holdsDetails, onOpen, onInstalling, onSearch }: CardProps) {
  const { t } = useHost();
  const { installed } = found;
  const app = useSelected((state) =>
    installed === null ? null : (state?.apps.find(({ id }) => id === installed) ?? null),
  );
  const runs = useSelected((state) => (app === null ? NO_RUNS : (state?.runs ?? NO_RUNS)));
  const situation = app === null ? null : appSituation(app, runs, t);
  const { id, name, summary, icon, warning, fit } = found;
  return (
    <article
      className={`pk-app-grid pk-package${app === null ? " pk-package-new" : ""}`}
      aria-label={name}
      data-open={isOpen || undefined}
      {...byEscape(isOpen && holdsDetails ? () => onOpen(null) : null)}
    >
      <AppPicture id={id} title={name} icon={icon} />
      <div className="pk-app-main">
        <h3 className="pk-app-title">
          <button
            type="button"
            className="pk-title-link"
            aria-expanded={isOpen}
            title={isOpen ? t("Less about {title}", { title: name }) : t("More about {title}", { title: name })}
            onClick={() => onOpen(isOpen ? null : id)}
          >
            <bdi>{name}</bdi>
          </button>
        </h3>
        {warning === null ? null : <Warning>{warning}</Warning>}
        {summary === "" ? null : (
          <p className="pk-app-summary" dir="auto">
            {summary}
          </p>
        )}
        {app === null || situation === null ? null : <Installed app={app} situation={situation} />}
      </div>
      {app === null ? <Verdict fit={fit} /> : null}
      <div className="pk-actions pk-app-actions">
        {found.type !== "app" ? (
          <PackageButton found={found} />
        ) : app === null || situation === null ? (
          <InstallButton found={found} onInstalling={onInstalling} />
        ) : (
          <AppButtons app={app} situation={situation} />
        )}
      </div>
      <div className="pk-app-more">
        {app === null || situation === null ? null : <AppFailure app={app} situation={situation} place="discover" />}
        {isOpen && holdsDetails ? <PackageDetails found={found} onSearch={onSearch} /> : null}
      </div>
    </article>
  );
}

function Installed({ app, situation }: { app: App; situation: AppSituation }) {
  return (
    <>
      <AppStatus situation={situation} />
      <WaitingLine app={app} />
    </>
  );
}

function Warning({ children }: { children: ReactNode }) {
  return (
    <p className="pk-package-warning">
      <Icon name="warning" />
      {children}
    </p>
  );
}
