import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import type { Run } from "../../runtime/protocol/runs.js";
import { asks } from "../questions/waiting.js";
import type { Translate } from "../view.js";
import { titleOf } from "./follow-told.js";
import type { ToastBoard } from "./toast.js";

interface WaitingWorld {
  client: SidecarClient;
  t: Translate;
  board: ToastBoard;
  /** Goes to where the run asks. */
  show(run: Run): void;
}

/** Says which apps wait for a person, for as long as they do; returns how to stop that. */
export function followWaiting({ client, t, board, show }: WaitingWorld): () => void {
  let told = new Set<string>();
  const look = (): void => {
    const waiting = client.state?.runs.filter(asks) ?? [];
    const now = new Set(waiting.map(({ id }) => `waiting ${id}`));
    for (const run of waiting) {
      const id = `waiting ${run.id}`;
      if (told.has(id)) continue;
      const action = { label: t("Answer"), press: () => show(run) };
      board.show({ id, level: "warning", from: titleOf(run, client), text: t("waits for you"), lastsMs: null, action });
    }
    for (const id of told) if (!now.has(id)) board.remove(id);
    told = now;
  };
  look();
  return client.subscribe(look);
}
