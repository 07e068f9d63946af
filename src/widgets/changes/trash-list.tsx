import { useState } from "react";
import { goesUnnamed, type TrashEntry } from "../../runtime/protocol/changes.js";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import { byEscape } from "../by-escape.js";
import { useAction, useAnswer, useHost, useObstacle, useSnapshot } from "../host.js";
import { dateText, sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { JobProgress } from "../parts/job-progress.js";
import type { Translate } from "../view.js";

const KINDS: ReadonlySet<string> = new Set(["update", "reset", "uninstall", "restore", "empty-trash"]);

/** What was removed and can be had back, and files of a person that apps have left. */
export function TrashList() {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const jobs = (useSnapshot()?.jobs ?? []).filter(({ kind }) => KINDS.has(kind));
  const over = jobs.filter((job) => !isUnderWay(job)).map(({ id }) => id);
  const { value: entries, error } = useAnswer("trash.list", {}, over.join());
  const together = useAnswer("trash.size", {}, over.join()).value;
  const action = useAction();
  const [asking, setAsking] = useState<"all" | string | null>(null);
  if (entries === null) return error === null ? null : <ErrorCard error={error} />;
  const removed = entries.filter(({ kind }) => kind === "trash");
  const kept = entries.filter(({ kind }) => kind === "kept");
  const bytes = together?.bytes ?? removed.reduce((sum, entry) => sum + entry.bytes, 0);
  const empty = (names?: string[]) =>
    action.start(async () => {
      await client.request("trash.empty", names === undefined ? {} : { entries: names });
      setAsking(null);
    });
  const emptying = jobs.find((job) => job.kind === "empty-trash" && isUnderWay(job));

  return (
    <section className="pk-trash" aria-label={t("Trash")}>
      <div className="pk-toolbar">
        <h2 className="pk-heading">{t("Trash")}</h2>
        {!removed.some(goesUnnamed) || asking === "all" ? null : (
          <Button kind="quiet" obstacle={obstacle} onPress={() => setAsking("all")}>
            {t("Empty the trash")}
          </Button>
        )}
      </div>
      {asking === "all" ? (
        <div className="pk-failure-actions" {...byEscape(() => setAsking(null))}>
          <Button kind="danger" obstacle={obstacle} busy={action.busy} onPress={() => empty()}>
            {t("Remove all of it for good ({size} are free again)", { size: sizeText(bytes) })}
          </Button>
          <Button onPress={() => setAsking(null)}>{t("Cancel")}</Button>
        </div>
      ) : null}
      {emptying === undefined ? null : <JobProgress job={emptying} />}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      {removed.length === 0 ? <p className="pk-soft">{t("The trash is empty")}</p> : null}
      <EntryList entries={removed} asking={asking} onAsk={setAsking} onRemove={(name) => empty([name])} />
      {kept.length === 0 ? null : (
        <>
          <h2 className="pk-heading">{t("Your files of apps")}</h2>
          <p className="pk-soft">
            {t("Kept when those were updated, reset or uninstalled. Nothing empties them but you.")}
          </p>
          <EntryList entries={kept} asking={asking} onAsk={setAsking} onRemove={(name) => empty([name])} />
        </>
      )}
    </section>
  );
}

interface EntryListProps {
  entries: readonly TrashEntry[];
  asking: string | null;
  onAsk(name: string | null): void;
  onRemove(name: string): void;
}

function EntryList({ entries, asking, onAsk, onRemove }: EntryListProps) {
  return (
    <ul className="pk-trash-entries">
      {entries.map((entry) => (
        <li key={entry.name}>
          <Entry entry={entry} isAsking={asking === entry.name} onAsk={onAsk} onRemove={() => onRemove(entry.name)} />
        </li>
      ))}
    </ul>
  );
}

interface EntryProps {
  entry: TrashEntry;
  isAsking: boolean;
  onAsk(name: string | null): void;
  onRemove(): void;
}

function Entry({ entry, isAsking, onAsk, onRemove }: EntryProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { name, kind, title, app, why, what, files, bytes, at, said, refused } = entry;
  const shown = title || what || app || name; // only an app as a whole has a title
  const count = files === 0 ? "" : files === 1 ? t("1 file") : t("{count} files", { count: files });
  return (
    <article className="pk-trash-entry" aria-label={shown}>
      <div className="pk-trash-what">
        <p>
          {shown} <span className="pk-soft">{reasonText(why, t)}</span>
        </p>
        <p className="pk-soft pk-path">
          {[what === shown ? "" : what, count, dateText(at)].filter((text) => text !== "").join(" · ")}
        </p>
        {said.map((sentence) => (
          <p key={sentence} className="pk-soft pk-path">
            {sentence}
          </p>
        ))}
      </div>
      <span className="pk-number">{sizeText(bytes)}</span>
      <div className="pk-actions" {...byEscape(isAsking ? () => onAsk(null) : null)}>
        {isAsking ? (
          <>
            <Button kind="danger" obstacle={obstacle} onPress={onRemove}>
              {t("Remove for good ({size})", { size: sizeText(bytes) })}
            </Button>
            <Button onPress={() => onAsk(null)}>{t("Cancel")}</Button>
          </>
        ) : (
          <>
            <Button
              obstacle={obstacle ?? refused}
              busy={action.busy}
              onPress={() => action.start(() => client.request("trash.restore", { entry: name }))}
            >
              {kind === "kept" ? t("Put back into the app") : t("Put back")}
            </Button>
            <Button kind="quiet" obstacle={obstacle} onPress={() => onAsk(name)}>
              {t("Remove")}
            </Button>
          </>
        )}
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </article>
  );
}

function reasonText(why: string, t: Translate): string {
  const reasons: Readonly<Record<string, string>> = {
    script: t("removed by a script"),
    link: t("replaced by what is on the drive"),
    repair: t("moved by a repair"),
    update: t("before an update"),
    reset: t("before a reset"),
    uninstall: t("uninstalled"),
    restore: t("made way for what was put back"),
    person: t("removed by you"),
    kept: "",
  };
  return reasons[why] ?? "";
}
