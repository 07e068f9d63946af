import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import { toWireError } from "../../runtime/protocol/errors.js";
import { isUnderWay, type Job } from "../../runtime/protocol/jobs.js";
import type { ToastBoard } from "../told/toast.js";
import type { Translate } from "../view.js";
import { type RecentChange, takeChange } from "./recent-change.js";

interface ChangesWatch {
  client: SidecarClient;
  t: Translate;
  board: ToastBoard;
}

/** Long enough to notice that it was the wrong app. */
const UNDO_MS = 30_000;

/** Offers to take back what a person has just done to an app; returns how to stop that. */
export function followChanges({ client, t, board }: ChangesWatch): () => void {
  const offer = (job: Job, { done, entry }: RecentChange): void => {
    const toast = { id: `change ${job.id}`, level: "success", from: "PinokioCloud" } as const;
    const press = (): void => {
      board.remove(toast.id);
      client.request("trash.restore", { entry }).catch((error: unknown) => {
        const text = toWireError(error).message;
        board.show({ ...toast, level: "error", text, lastsMs: null, action: null });
      });
    };
    board.show({ ...toast, text: done, lastsMs: UNDO_MS, action: { label: t("Undo"), press } });
  };
  return client.onEvent((event) => {
    if (event.type !== "job-changed" || isUnderWay(event.job)) return;
    const change = takeChange(client, event.job.id);
    if (change !== null && event.job.state === "done") offer(event.job, change);
  });
}
