import { useState } from "react";
import type { App, MenuItem } from "../../runtime/protocol/apps.js";
import { isLive } from "../../runtime/protocol/runs.js";
import { useAction, useFrame, useObstacle, useRuns } from "../host.js";
import { menuAction, menuText } from "../launcher-menu.js";
import { Button } from "./button.js";
import { ErrorCard } from "./error-card.js";
import { Icon } from "./icon.js";
import { useStartScript } from "./start-script.js";

/** The menu that the app's author wrote, entry by entry. */
export function LauncherMenuList({ app, items }: { app: App; items: readonly MenuItem[] }) {
  return (
    <ul className="pk-menu">
      {items.map((item, index) => (
        // Entries have no identity of their own; their place is all there is.
        <li key={index}>
          <Entry app={app} item={item} />
        </li>
      ))}
    </ul>
  );
}

function Entry({ app, item }: { app: App; item: MenuItem }) {
  const { openPage, showRun, host } = useFrame();
  const { t } = host;
  const obstacle = useObstacle();
  const action = useAction();
  const startScript = useStartScript(app);
  const [asking, setAsking] = useState(false);
  const meaning = menuAction(item, app);
  const text = menuText(item) || t("Unnamed entry");
  const live = useRuns().find((run) => isLive(run) && meaning.kind === "run" && run.script === meaning.script);

  if (meaning.kind === "group") {
    return (
      <details className="pk-menu-group">
        <summary>
          <Icon name="right" />
          {text}
        </summary>
        <LauncherMenuList app={app} items={meaning.items} />
      </details>
    );
  }

  const go = () => {
    setAsking(false);
    if (meaning.kind === "open") openPage(meaning.url);
    if (meaning.kind === "run") action.start(() => startScript(meaning.script, meaning.input));
  };

  if (live !== undefined) {
    return (
      <Button kind="quiet" icon="output" onPress={() => showRun(live)}>
        {text}
        <span className="pk-tag">{t("running")}</span>
      </Button>
    );
  }

  if (asking) {
    return (
      <div className="pk-question">
        <p>{item.confirm}</p>
        <div className="pk-actions">
          <Button kind="danger" onPress={go}>
            {text}
          </Button>
          <Button onPress={() => setAsking(false)}>{t("Cancel")}</Button>
        </div>
      </div>
    );
  }

  return (
    <>
      <Button
        kind="quiet"
        icon={meaning.kind === "open" ? "open" : meaning.kind === "run" ? "start" : "info"}
        obstacle={meaning.kind === "none" ? t("PinokioCloud cannot open this entry") : obstacle}
        busy={action.busy}
        onPress={() => (item.confirm === undefined ? go() : setAsking(true))}
      >
        {text}
      </Button>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </>
  );
}
