import type { ReplyOf } from "../../runtime/protocol/requests.js";
import { useHost } from "../host.js";
import { sizeText } from "../measures.js";

/** The disk by kind, as a bar and in numbers. */
export function DiskBar({ use }: { use: ReplyOf<"storage.use"> }) {
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
