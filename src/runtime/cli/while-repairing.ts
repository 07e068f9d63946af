import type { SidecarClient } from "../client/sidecar-client.js";
import type { Repairing } from "../protocol/failures.js";
import type { RunId } from "../protocol/ids.js";
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
  const onInterrupt = (): void => void endOrLeave(session, client, runId);
  process.on("SIGINT", onInterrupt);
  try {
    return await asked;
  } finally {
    clearInterval(look);
    process.removeListener("SIGINT", onInterrupt);
  }
}

async function endOrLeave(session: Session, client: SidecarClient, runId: RunId): Promise<void> {
  const { cancelled } = await client.request("runs.cancelRepair", { runId }).catch(() => ({ cancelled: false }));
  if (cancelled) return session.note("\nIt ends at the next place where nothing is left half done");
  session.note("\nIt cannot end here without leaving something half done: it goes on");
  process.exit(130);
}

const repairingText = ({ doing, share }: Repairing): string =>
  doing === null ? "" : onOneLine(`${doing}${share === null ? "" : ` (${Math.floor(100 * share)} %)`}`);
