import type { MissingApp } from "../../runtime/protocol/shelf.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { throwFirst } from "./results.js";

/** Where the library differs from the disk. */
export function MissingApps({ missing }: { missing: readonly MissingApp[] }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  if (missing.length === 0) return null;
  return (
    <ul className="pk-missing">
      {missing.map(({ appId }) => (
        <li key={appId} className="pk-late">
          <span>{t("{app} was installed here, and its folder is gone", { app: appId })}</span>
          <Button
            obstacle={obstacle}
            busy={action.busy}
            onPress={() =>
              action.start(async () => throwFirst((await client.request("library.forget", { apps: [appId] })).results))
            }
          >
            {t("Forget it")}
          </Button>
        </li>
      ))}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </ul>
  );
}
