import type { WireError } from "../../runtime/protocol/errors.js";
import type { Run } from "../../runtime/protocol/runs.js";
import { useFrame } from "../host.js";
import { AgainLine } from "./again-line.js";
import { Button, IconButton } from "./button.js";
import { Icon } from "./icon.js";
import { RepairingLine } from "./repairing-line.js";
import { useFailure } from "./use-failure.js";

interface FailureLineProps {
  run: Run;
  error: WireError;
  onDismiss(): void;
}

/** Why an app's run failed, on one line; what can be done about it stands on the app's page. */
export function FailureLine({ run, error, onDismiss }: FailureLineProps) {
  const { host, showRun } = useFrame();
  const { t } = host;
  const failure = useFailure(run);
  const sentence = failure?.sentence ?? error.message;
  const first = failure?.repairs.find(({ kind }) => kind !== "retry-step");
  return (
    <div className="pk-failure-row" role="group" aria-label={t("Error")}>
      <Icon name="error" />
      <p title={sentence}>{sentence}</p>
      <Button onPress={() => showRun(run)}>{first === undefined ? t("Details") : first.label}</Button>
      <IconButton icon="close" label={t("Dismiss")} onPress={onDismiss} />
      <AgainLine run={run} />
      <RepairingLine run={run} />
    </div>
  );
}
