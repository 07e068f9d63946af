import { useId, useLayoutEffect, useRef, useState } from "react";
import type { Inspection } from "../runtime/protocol/apps.js";
import { byEscape } from "./by-escape.js";
import { type ConsentRequest, useAction, useHost, useObstacle } from "./host.js";
import { isAnyWarned } from "./packages/needs.js";
import { NeedsList } from "./packages/needs-list.js";
import { Button } from "./parts/button.js";
import { Check } from "./parts/check.js";
import { ErrorCard } from "./parts/error-card.js";
import { Icon } from "./parts/icon.js";
import { ScriptList } from "./parts/script-list.js";

/** What an app would do here, before any of it is done. */
export function Consent({ request, onClose }: { request: ConsentRequest; onClose(): void }) {
  const { t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const headline = useRef<HTMLHeadingElement>(null);
  const headlineId = useId();
  const [isAlone, setAlone] = useState(false);
  const { heading, inspection, problem = null, alone, other } = request;
  const needs = isAlone ? [] : (request.needs ?? []);
  const { verb, proceed } = isAlone && alone !== undefined ? alone : request;
  const runsMore = needs.some((one) => one.inspection !== null);
  const isWarned = inspection?.warning != null || isAnyWarned(needs);
  const cancel = (): void => {
    request.refuse?.();
    onClose();
  };
  const agree = (work: () => Promise<unknown>) =>
    action.start(async () => {
      await work();
      onClose();
    });

  useLayoutEffect(() => headline.current?.focus(), []);

  return (
    <section className="pk-consent" aria-labelledby={headlineId} {...byEscape(onClose)}>
      <div className="pk-consent-body">
        <Button kind="quiet" icon="back" onPress={onClose}>
          {t("Back")}
        </Button>
        <h2 id={headlineId} ref={headline} tabIndex={-1}>
          {heading}
        </h2>
        {inspection === null || inspection.description === "" ? null : (
          <p className="pk-soft">{inspection.description}</p>
        )}
        {inspection?.warning == null ? null : <Warning text={inspection.warning} />}
        {inspection === null && !runsMore ? null : (
          <p className="pk-lead">
            {runsMore
              ? t("The scripts of these apps run as you on this machine.")
              : t("This app's scripts run as you on this machine.")}
          </p>
        )}
        {inspection === null ? null : <WhereFrom inspection={inspection} />}
        {alone === undefined ? null : (
          <Check checked={!isAlone} onChange={(checked) => setAlone(!checked)}>
            {t("Install what it needs too")}
          </Check>
        )}
        {problem === null ? null : <p className="pk-warning-text">{problem}</p>}
        {isAlone || problem !== null ? <p className="pk-soft">{t("It may not work without what it needs.")}</p> : null}
        {needs.length === 0 ? null : (
          <>
            <h3>{t("What it needs comes first")}</h3>
            <NeedsList needs={needs} />
          </>
        )}
        {inspection === null ? null : (
          <>
            <h3>{t("What it runs")}</h3>
            <ScriptList inspection={inspection} />
          </>
        )}
        {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      </div>
      <div className="pk-consent-foot">
        <Button
          kind={isWarned ? "danger" : "primary"}
          obstacle={obstacle}
          busy={action.busy}
          onPress={() => agree(proceed)}
        >
          {verb}
        </Button>
        {other === undefined ? null : (
          <Button title={other.title} obstacle={obstacle} busy={action.busy} onPress={() => agree(other.proceed)}>
            {other.verb}
          </Button>
        )}
        <Button onPress={cancel}>{t("Cancel")}</Button>
      </div>
    </section>
  );
}

function WhereFrom({ inspection }: { inspection: Inspection }) {
  const { t } = useHost();
  return (
    <dl className="pk-facts">
      <dt>{t("From")}</dt>
      <dd className="pk-path">{inspection.source}</dd>
      {inspection.movedFrom == null ? null : (
        <>
          <dt>{t("Moved to")}</dt>
          <dd className="pk-path">{inspection.repository}</dd>
        </>
      )}
      {inspection.branch == null ? null : (
        <>
          <dt>{t("Branch")}</dt>
          <dd className="pk-code">{inspection.branch}</dd>
        </>
      )}
      <dt>{inspection.commit === null ? t("Fingerprint") : t("Commit")}</dt>
      <dd className="pk-code">{(inspection.commit ?? inspection.fingerprint).slice(0, 12)}</dd>
      <dt>{t("Folder")}</dt>
      <dd className="pk-code">api/{inspection.name}</dd>
      {inspection.secrets === undefined || inspection.secrets.length === 0 ? null : (
        <>
          <dt>{t("Asks for secrets")}</dt>
          <dd className="pk-code pk-secrets">
            {inspection.secrets.map((name) => (
              <span key={name}>{name}</span>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

function Warning({ text }: { text: string }) {
  const { t } = useHost();
  return (
    <div className="pk-card pk-card-bad" role="group" aria-label={t("Warning")}>
      <Icon name="error" />
      <div className="pk-card-text">
        <p>{text}</p>
      </div>
    </div>
  );
}
