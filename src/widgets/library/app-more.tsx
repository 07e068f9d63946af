import type { App } from "../../runtime/protocol/apps.js";
import { useFrame } from "../host.js";
import { Button } from "../parts/button.js";
import { AppNotes } from "./app-notes.js";
import { AppPlace } from "./app-place.js";

/** What a person says of an app: tags, notes and where it stands. Everything else is on its page. */
export function AppMore({ app }: { app: App }) {
  const { host, showApp } = useFrame();
  return (
    <div className="pk-app-details">
      <AppNotes app={app} />
      <AppPlace app={app} />
      <Button kind="quiet" icon="right" onPress={() => showApp(app.id)}>
        {host.t("Menu, output and all else of it")}
      </Button>
    </div>
  );
}
