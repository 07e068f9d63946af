import type { Run } from "../../runtime/protocol/runs.js";
import { useAction, useHost, useObstacle, useSidecarNow } from "../host.js";
import { Button } from "./button.js";

/** That a run is started again by itself, and when; it can be let be. */
export function AgainLine({ run }: { run: Run }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { again } = run;
  const now = useSidecarNow(again !== undefined);
  if (again === undefined) return null;
  const seconds = Math.max(0, Math.ceil((Date.parse(again.at) - now) / 1_000));
  return (
    <p className="pk-failure-again">
      {t("Starts again in {seconds} s ({attempt} of {most})", { seconds, attempt: again.attempt, most: again.most })}{" "}
      <Button
        kind="quiet"
        obstacle={obstacle}
        busy={action.busy}
        onPress={() => action.start(() => client.request("runs.stop", { runId: run.id }))}
      >
        {t("Don’t start")}
      </Button>
    </p>
  );
}
