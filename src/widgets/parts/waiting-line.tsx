import type { App } from "../../runtime/protocol/apps.js";
import { useFrame, useRuns } from "../host.js";
import { waitingFor } from "../questions/waiting.js";
import { Icon } from "./icon.js";

/** On a card: that the app asks something, and the way to it. */
export function WaitingLine({ app }: { app: App }) {
  const { host, showApp } = useFrame();
  const [first] = waitingFor(app.id, useRuns());
  if (first === undefined) return null;
  return (
    <button type="button" className="pk-link pk-waiting" onClick={() => showApp(app.id, first.id)}>
      <Icon name="question" />
      {host.t("Waiting for you")}
    </button>
  );
}
