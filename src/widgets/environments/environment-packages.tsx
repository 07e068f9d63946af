import { useState } from "react";
import type { InstalledPackage } from "../../runtime/protocol/environments.js";
import { useAnswer, useHost, useNow, useSnapshot } from "../host.js";
import { durationText, sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";

const FIRST = 20;
/** From so many on a person looks for one by its name. */
const MANY = 12;

/** Every package of an environment; the largest say most about where the room went. */
export function EnvironmentPackages({ id }: { id: string }) {
  const { t } = useHost();
  const changes = useSnapshot()?.environments.changes ?? 0;
  const { value, error, since } = useAnswer("environments.show", { id }, String(changes));
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const now = useNow(since !== null);
  if (error !== null) return <ErrorCard error={error} />;
  if (value === null) {
    const waited = since === null ? 0 : now - since;
    return waited < 1_000 ? null : <p className="pk-soft">{t("Reading · {time}", { time: durationText(waited) })}</p>;
  }
  const found = matching(value.list, text);
  const shown = all ? found : found.slice(0, FIRST);
  return (
    <div className="pk-packages">
      {value.list.length < MANY ? null : (
        <input
          type="search"
          aria-label={t("Find a package")}
          placeholder={t("Find one of {count}", { count: value.list.length })}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {found.length === 0 ? <p className="pk-soft">{t("No package has that in its name")}</p> : null}
      <table className="pk-table pk-package-table">
        <caption className="pk-hidden">{t("Packages of {id}", { id })}</caption>
        <tbody>
          {shown.map((one) => (
            <tr key={`${one.name} ${one.version ?? ""}`}>
              <th scope="row" title={one.from ?? undefined}>
                {one.name}
              </th>
              <td>{one.version ?? ""}</td>
              <td className="pk-number">{one.bytes === null ? "" : sizeText(one.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length === found.length ? null : (
        <Button kind="quiet" onPress={() => setAll(true)}>
          {t("Show all {count}", { count: found.length })}
        </Button>
      )}
    </div>
  );
}

function matching(list: readonly InstalledPackage[], text: string): InstalledPackage[] {
  const wanted = text.trim().toLowerCase();
  return list
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort((one, other) => (other.bytes ?? -1) - (one.bytes ?? -1));
}
