import type { SidecarClient } from "../client/sidecar-client.js";
import type { Repairing } from "../protocol/failures.js";
import type { RunId } from "../protocol/ids.js";
import { endOrLeave } from "./end-or-leave.js";
import type { Session } from "./session.js";
import { onOneLine } from "./words.js";

const LOOK_EVERY_MS = 250;

/** Waits for a repair and says meanwhile what it does. Ctrl-C ends it where that is safe, and else only the waiting. */
export async function whileRepairing<Result>(
  session: Session,
  client: SidecarClient,
  runId: RunId,
  asked: Promise<Result>,
): Promise<Result> {
  let said = "";
  const say = (now: Repairing | undefined): void => {
    const text = now === undefined ? "" : repairingText(now);
    if (text === "" || text === said || session.json) return;
    said = text;
    session.note(text);
  };
  const look = setInterval(() => {
    client.request("runs.find", { runId }).then(
      (run) => say(run?.repairing),
      () => undefined, // what became of the repair itself is heard from its own request
    );
  }, LOOK_EVERY_MS);
  const end = (): Promise<boolean> => client.request("runs.cancelRepair", { runId }).then(({ cancelled }) => cancelled);
  return endOrLeave(session, end, () => asked).finally(() => clearInterval(look));
}

const repairingText = ({ doing, share }: Repairing): string =>
  doing === null ? "" : onOneLine(`${doing}${share === null ? "" : ` (${Math.floor(100 * share)} %)`}`);
