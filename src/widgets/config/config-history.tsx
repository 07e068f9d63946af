import { useState } from "react";
import type { ConfigEntry } from "../../runtime/protocol/config.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import { useAction, useAnswer, useHost, useObstacle } from "../host.js";
import { dateText } from "../measures.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import type { Translate } from "../view.js";
import { valueText } from "./config-field.js";
import { useOnConfigChanged } from "./use-config.js";

const FIRST = 10;

/** What was changed, and taking it back. */
export function HistoryView({ app }: { app: AppId }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { value: entries, error, refresh } = useAnswer("config.history", { app });
  useOnConfigChanged(app, refresh);
  const [isWhole, setWhole] = useState(false);
  if (error !== null) return <ErrorCard error={error} />;
  if (entries === null) return null;
  if (entries.length === 0) return <p className="pk-soft">{t("Nothing has been changed here yet")}</p>;
  const shown = isWhole ? entries : entries.slice(0, FIRST);
  return (
    <>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      <ul className="pk-config-history">
        {shown.map((entry) => (
          <li key={entry.id}>
            <div className="pk-config-entry">
              <span>{titleOf(entry, t)}</span>
              <time className="pk-soft" dateTime={entry.at}>
                {dateText(entry.at)}
              </time>
              {entry.undone ? (
                <span className="pk-soft">{t("Undone")}</span>
              ) : entry.canUndo ? (
                <Button
                  kind="quiet"
                  obstacle={obstacle}
                  busy={action.busy}
                  onPress={() => action.start(() => client.request("config.undo", { app, entry: entry.id }))}
                >
                  {t("Undo")}
                </Button>
              ) : null}
            </div>
            {entry.changes.slice(0, MOST_SHOWN).map((change) => (
              <p key={change.field} className="pk-config-step">
                <code>{change.key}</code>{" "}
                <span className="pk-soft">
                  {change.secret === true
                    ? t("a secret")
                    : t("{before} → {after}", {
                        before: valueText(change.before, t),
                        after: valueText(change.after, t),
                      })}
                </span>
              </p>
            ))}
          </li>
        ))}
      </ul>
      {shown.length === entries.length ? null : (
        <Button kind="quiet" onPress={() => setWhole(true)}>
          {t("Show all {count}", { count: entries.length })}
        </Button>
      )}
    </>
  );
}

const MOST_SHOWN = 8;

function titleOf({ kind, of, changes }: ConfigEntry, t: Translate): string {
  const more = Math.max(0, changes.length - MOST_SHOWN);
  const count = more === 0 ? "" : ` (${t("and {count} more", { count: more })})`;
  switch (kind) {
    case "set":
      return (
        (changes.length === 1 ? t("Changed a setting") : t("Changed {count} settings", { count: changes.length })) +
        count
      );
    case "text":
      return t("Edited {file}", { file: of ?? "" });
    case "preset":
      return t("Applied the preset {name}", { name: of ?? "" }) + count;
    case "undo":
      return t("Took a change back") + count;
  }
}
