import type { ReplyOf } from "../../runtime/protocol/requests.js";
import { AllPackages } from "../packages/all-packages.js";
import { AllEnvironments } from "../environments/all-environments.js";
import { TrashList } from "../changes/trash-list.js";
import { useAnswer, useHost, useNow, useObstacle } from "../host.js";
import { durationText, sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import type { Tab } from "./tab.js";

export const sharedResourcesTab: Tab = {
  id: "shared-resources",
  label: "Shared Resources",
  icon: "resources",
  View: SharedResources,
};

type StorageUse = ReplyOf<"storage.use">;

function SharedResources() {
  const { t } = useHost();
  const obstacle = useObstacle();
  const { value, error, since, refresh } = useAnswer("storage.use", {});
  const now = useNow(since !== null);
  const waited = since === null ? 0 : now - since;

  return (
    <>
      <div className="pk-toolbar">
        <h2 className="pk-heading">{t("Disk")}</h2>
        {waited > 1000 ? (
          <span className="pk-soft pk-number">{t("Adding up sizes · {time}", { time: durationText(waited) })}</span>
        ) : null}
        <Button
          kind="quiet"
          icon="refresh"
          obstacle={value === null ? null : obstacle}
          busy={since !== null}
          onPress={refresh}
        >
          {t("Refresh")}
        </Button>
      </div>
      {error === null ? null : <ErrorCard error={error} />}
      {value === null ? null : <DiskBar use={value} />}
      <AllEnvironments />
      <AllPackages />
      <TrashList />
    </>
  );
}

function DiskBar({ use }: { use: StorageUse }) {
  const { t } = useHost();
  const { freeBytes, totalBytes } = use.disk;
  const ours = use.kinds.reduce((sum, { bytes }) => sum + bytes, 0);
  const parts = [
    ...use.kinds.map(({ kind, label, bytes, path }, index) => ({
      key: kind,
      label,
      bytes,
      path,
      colour: `var(--pk-kind-${index % 6})`,
    })),
    {
      key: "other",
      label: t("Everything else"),
      bytes: Math.max(0, totalBytes - freeBytes - ours),
      path: "",
      colour: "var(--pk-kind-other)",
    },
    { key: "free", label: t("Free"), bytes: freeBytes, path: "", colour: "var(--pk-kind-free)" },
  ];
  return (
    <>
      <div className="pk-disk" aria-hidden="true">
        {parts.map(({ key, bytes, colour }) => (
          <span key={key} style={{ flexGrow: bytes / Math.max(totalBytes, 1), backgroundColor: colour }} />
        ))}
      </div>
      <table className="pk-table pk-kinds">
        <caption className="pk-hidden">{t("The disk by kind")}</caption>
        <tbody>
          {parts.map(({ key, label, bytes, path, colour }) => (
            <tr key={key}>
              <th scope="row" title={path}>
                <span className="pk-swatch" style={{ backgroundColor: colour }} aria-hidden="true" />
                {t(label)}
              </th>
              <td className="pk-number">{sizeText(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
