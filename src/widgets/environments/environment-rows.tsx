import { useState } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { Environment } from "../../runtime/protocol/environments.js";
import { useHost, useSnapshot } from "../host.js";
import { sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import type { Translate } from "../view.js";
import { EnvironmentPackages } from "./environment-packages.js";

interface EnvironmentRowsProps {
  environments: readonly Environment[];
  active: string | null;
  /** The app whose page this is: what is obvious there is not said. */
  ofApp?: App;
}

/** Environments as they lie on the disk, the largest first; each opens on its packages. */
export function EnvironmentRows({ environments, active, ofApp }: EnvironmentRowsProps) {
  const { t } = useHost();
  const shown = [...environments].sort((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0));
  return (
    <ul className="pk-rows" aria-label={t("Environments")}>
      {shown.map((environment) => (
        <li key={environment.id}>
          <EnvironmentRow
            environment={environment}
            isActive={environment.id === active}
            {...(ofApp ? { ofApp } : {})}
          />
        </li>
      ))}
    </ul>
  );
}

interface EnvironmentRowProps {
  environment: Environment;
  isActive: boolean;
  ofApp?: App;
}

function EnvironmentRow({ environment, isActive, ofApp }: EnvironmentRowProps) {
  const { t } = useHost();
  const apps = useSnapshot()?.apps ?? [];
  const [open, setOpen] = useState(false);
  const { id, path, packages, bytes, sharedBytes, tools, problems, users, holds } = environment;
  const others = users.filter((app) => app !== ofApp?.id);
  const titles = others.map((app) => apps.find((one) => one.id === app)?.title || app);
  return (
    <div className="pk-environment">
      <div className="pk-environment-head">
        <span className="pk-environment-name" title={path}>
          {nameOf(environment, ofApp)}
        </span>
        {isActive ? <span className="pk-environment-active">{t("active")}</span> : null}
        <span className="pk-number" title={sharedText(sharedBytes, t)}>
          {bytes === null ? t("adding up …") : sizeText(bytes)}
        </span>
      </div>
      <p className="pk-soft">{factsOf(environment, t)}</p>
      {tools.length === 0 ? null : (
        <p className="pk-soft">
          {tools.map(({ name, version }) => (version ? `${name} ${version}` : name)).join(" · ")}
        </p>
      )}
      {titles.length === 0 ? null : (
        <p className="pk-soft">
          {ofApp === undefined
            ? t("Used by {apps}", { apps: titles.join(", ") })
            : t("Also used by {apps}", { apps: titles.join(", ") })}
        </p>
      )}
      {users.length === 0 && holds.length === 0 ? <p className="pk-soft">{t("Used by no app")}</p> : null}
      {holds.length === 0 ? null : <p className="pk-soft">{t("Holds {packages}", { packages: holds.join(", ") })}</p>}
      {problems.map((problem) => (
        <p key={problem} className="pk-warning-text">
          {problem}
        </p>
      ))}
      {packages === 0 ? null : (
        <Button kind="quiet" icon={open ? "down" : "right"} expanded={open} onPress={() => setOpen(!open)}>
          {open ? t("Hide packages") : t("Show packages")}
        </Button>
      )}
      {open ? <EnvironmentPackages id={id} /> : null}
    </div>
  );
}

/** Below the app's folder on its page; where apps are mixed, with the app. */
function nameOf({ id, app }: Environment, ofApp: App | undefined): string {
  const own = ofApp === undefined ? "api/" : `api/${ofApp.id}/`;
  return app !== null && id.startsWith(own) ? id.slice(own.length) : id;
}

function factsOf({ kind, python, packages }: Environment, t: Translate): string {
  const count = packages === 1 ? t("1 package") : t("{count} packages", { count: packages });
  if (kind === "node") return t("Node · {count}", { count });
  const version = python === null ? t("Python, version unknown") : t("Python {version}", { version: python });
  return [version, ...(kind === "conda" ? [t("conda")] : []), count].join(" · ");
}

const sharedText = (sharedBytes: number | null, t: Translate): string | undefined =>
  sharedBytes === null || sharedBytes === 0
    ? undefined
    : t("{size} of it is shared with caches or other environments", { size: sizeText(sharedBytes) });
