import { useState } from "react";
import { byEscape } from "../by-escape.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";

export function StopSection({ liveRuns }: { liveRuns: number }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const [asking, setAsking] = useState(false);
  const loss =
    liveRuns === 0
      ? t("Stop PinokioCloud (nothing is running)")
      : liveRuns === 1
        ? t("Stop 1 running script and PinokioCloud")
        : t("Stop {count} running scripts and PinokioCloud", { count: liveRuns });

  return (
    <section className="pk-stop">
      <h2 className="pk-heading">{t("Stop everything")}</h2>
      <p className="pk-soft pk-above-actions">
        {t("Ends every script, then PinokioCloud itself. Installed apps and their files stay.")}
      </p>
      <div className="pk-actions" {...byEscape(asking ? () => setAsking(false) : null)}>
        {asking ? (
          <>
            <Button
              kind="danger"
              obstacle={obstacle}
              busy={action.busy}
              onPress={() =>
                action.start(async () => {
                  await client.request("sidecar.down", {});
                  setAsking(false);
                })
              }
            >
              {loss}
            </Button>
            <Button onPress={() => setAsking(false)}>{t("Cancel")}</Button>
          </>
        ) : (
          <Button icon="stop" obstacle={obstacle} onPress={() => setAsking(true)}>
            {t("Stop everything")}
          </Button>
        )}
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </section>
  );
}
