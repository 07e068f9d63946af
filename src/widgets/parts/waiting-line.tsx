import { useSyncExternalStore } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import { useFrame } from "../host.js";
import { waitingFor } from "../questions/waiting.js";
import { Icon } from "./icon.js";

/** On a card: that the app asks something, and the way to it. */
export function WaitingLine({ app }: { app: App }) {
  const { host, showApp } = useFrame();
  const { client } = host;
  const first = useSyncExternalStore(
    client.subscribe,
    () => waitingFor(app.id, client.state?.runs ?? [])[0]?.id ?? null,
  );
  if (first === null) return null;
  return (
    <button type="button" className="pk-link pk-waiting" onClick={() => showApp(app.id, first)}>
      <Icon name="question" />
      {host.t("Waits for you")}
    </button>
  );
}
