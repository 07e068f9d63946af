import type { Notice } from "../../runtime/protocol/sidecar.js";
import { useFrame, useSnapshot } from "../host.js";
import { dateText } from "../measures.js";
import { Button, IconButton } from "./button.js";
import { Icon } from "./icon.js";

/** Everything that waits to be read, the latest first. */
export function NoticeList() {
  const { t } = useFrame().host;
  const notices = useSnapshot()?.notices ?? [];
  if (notices.length === 0) return null;
  return (
    <section>
      <h2 className="pk-heading">{t("Notifications")}</h2>
      <ul className="pk-notices">
        {[...notices].reverse().map((notice) => (
          <li key={notice.id}>
            <NoticeRow notice={notice} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function NoticeRow({ notice }: { notice: Notice }) {
  const { host, openPage } = useFrame();
  const { client, t } = host;
  const { id, level, message, hint, at, from, href } = notice;
  return (
    <div className={`pk-notice-row pk-notice-row-${level}`}>
      <Icon name={level} />
      <div className="pk-card-text">
        <p>{message}</p>
        {hint === undefined ? null : <p className="pk-soft">{hint}</p>}
        <p className="pk-soft pk-number">
          {from === undefined ? "" : `${from} · `}
          <time dateTime={at}>{dateText(at)}</time>
        </p>
      </div>
      {href === undefined ? null : <Button onPress={() => openPage(href)}>{t("Open")}</Button>}
      <IconButton
        icon="close"
        label={t("Dismiss")}
        onPress={() => void client.request("notices.dismiss", { id }).catch(() => undefined)}
      />
    </div>
  );
}
