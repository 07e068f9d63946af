import type { Notice } from "../../runtime/protocol/sidecar.js";
import { useFrame, useSnapshot } from "../host.js";
import { dateText } from "../measures.js";
import { Button, IconButton } from "./button.js";
import { Icon } from "./icon.js";

const NO_NOTICES: readonly Notice[] = [];

export const useNotices = (): readonly Notice[] => useSnapshot()?.notices ?? NO_NOTICES;

/** Everything that waits to be read, the latest first. */
export function NoticeList() {
  const notices = useNotices();
  const { t } = useFrame().host;
  if (notices.length === 0) return <p className="pk-soft">{t("Nothing waits to be read.")}</p>;
  return (
    <ul className="pk-notices">
      {[...notices].reverse().map((notice) => (
        <li key={notice.id}>
          <NoticeRow notice={notice} />
        </li>
      ))}
    </ul>
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
