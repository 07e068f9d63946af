import { useId } from "react";
import type { EnvironmentList } from "../../runtime/protocol/environments.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { ErrorCard } from "../parts/error-card.js";

const OWN = "";

/** Where packages without an environment of their own go, for everybody who looks at this home. */
export function ActiveChoice({ environments, active }: EnvironmentList) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const id = useId();
  const choices = environments.filter(({ kind, problems }) => kind !== "node" && problems.length === 0);
  const isGone = active !== null && !choices.some((one) => one.id === active);
  return (
    <div className="pk-active-choice">
      <label htmlFor={id}>{t("Active environment")}</label>
      <select
        id={id}
        value={active ?? OWN}
        disabled={obstacle !== null || action.busy}
        title={obstacle ?? undefined}
        aria-describedby={`${id}-words`}
        onChange={(event) => {
          const chosen = event.target.value === OWN ? null : event.target.value;
          action.start(() => client.request("environments.select", { id: chosen }));
        }}
      >
        <option value={OWN}>{t("Each package its own")}</option>
        {isGone ? <option value={active}>{t("{id} (gone or broken)", { id: active })}</option> : null}
        {choices.map((one) => (
          <option key={one.id} value={one.id}>
            {one.id}
          </option>
        ))}
      </select>
      <p className="pk-soft" id={`${id}-words`}>
        {active === null
          ? t("Apps bring their own. A package of Python without one gets one too.")
          : t("Apps bring their own. Packages of Python without one go here.")}
      </p>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </div>
  );
}
