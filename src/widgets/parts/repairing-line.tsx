import type { Run } from "../../runtime/protocol/runs.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { Button } from "./button.js";

/** What a repair does at the moment; it can be ended where that leaves nothing half done. */
export function RepairingLine({ run }: { run: Run }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { repairing } = run;
  if (repairing === undefined) return null;
  const { label, doing, share, canCancel } = repairing;
  return (
    <div className="pk-repairing">
      <p role="status">{doing ?? label}</p>
      {share === null ? null : (
        <span
          className="pk-bar"
          role="progressbar"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(100 * share)}
        >
          <span className="pk-bar-done" style={{ inlineSize: `${100 * share}%` }} />
        </span>
      )}
      {canCancel ? (
        <Button
          kind="quiet"
          title={t("End it where nothing is left half done")}
          obstacle={obstacle}
          busy={action.busy}
          onPress={() => action.start(() => client.request("runs.cancelRepair", { runId: run.id }))}
        >
          {t("End it")}
        </Button>
      ) : null}
    </div>
  );
}
