import type { PlatformPolicy } from "../../runtime/protocol/system.js";
import { useFrame } from "../host.js";
import { Button } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { useFirstSteps } from "./use-first-steps.js";

/** What a platform's rules want a person to know, in full; it can be put away where it was not yet. */
export function PolicyCard({ policy }: { policy: PlatformPolicy }) {
  const { host, openPage } = useFrame();
  const { t } = host;
  const { policy: unread, putPolicyAway } = useFirstSteps();
  const { text, asOf, href, id } = policy;
  return (
    <div className="pk-card pk-policy" role="group" aria-label={t("What the platform allows")}>
      <Icon name="warning" />
      <div className="pk-card-text">
        <p>
          {t(text)} <span className="pk-soft">{t("As of {date}.", { date: asOf })}</span>
        </p>
        <div className="pk-actions">
          {unread?.id === id ? <Button onPress={putPolicyAway}>{t("I have read it")}</Button> : null}
          {href === null ? null : (
            <Button kind="quiet" icon="open" onPress={() => openPage(href)}>
              {t("The platform's own words")}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
