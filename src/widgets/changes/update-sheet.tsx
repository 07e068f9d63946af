import type { App } from "../../runtime/protocol/apps.js";
import type { UpdateLook, UpdatePart } from "../../runtime/protocol/changes.js";
import { useAction, useAnswer, useHost, useObstacle } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import type { Translate } from "../view.js";
import { Stops } from "./stops.js";
import { noteChange } from "./recent-change.js";

/** What an update would bring, before it is fetched. */
export function UpdateSheet({ app, onClose }: { app: App; onClose(): void }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { value: look, error } = useAnswer("apps.updateLook", { appId: app.id });
  const title = app.title || app.id;

  const carryOut = async (agreed: string | null): Promise<void> => {
    const { job, entry } = await client.request("apps.update", { appId: app.id, agreed });
    noteChange(client, job.id, { done: t("{title} is updated", { title }), entry });
    onClose();
  };

  const heading = t("Update {title}", { title });
  return (
    <section className="pk-change" aria-label={heading}>
      <h3 className="pk-heading">{heading}</h3>
      {error === null ? null : <ErrorCard error={error} />}
      {look === null ? (
        error === null ? (
          <p className="pk-soft">{t("Asking where it came from")}</p>
        ) : null
      ) : (
        <Look look={look} />
      )}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      <div className="pk-failure-actions">
        {look === null || look.refused !== null || !look.isAvailable ? null : (
          <Button
            kind="primary"
            obstacle={obstacle}
            busy={action.busy}
            onPress={() => action.start(() => carryOut(look.fingerprint))}
          >
            {look.fingerprint === null ? heading : t("Agree and update {title}", { title })}
          </Button>
        )}
        <Button onPress={onClose}>{look?.isAvailable === true ? t("Cancel") : t("Close")}</Button>
      </div>
    </section>
  );
}

function Look({ look }: { look: UpdateLook }) {
  const { t } = useHost();
  const { refused, isAvailable, parts, edited, scripts, script, notes, title, stops } = look;
  if (refused !== null) return <p>{refused}</p>;
  if (!isAvailable) return <p>{t("{title} is as new as where it came from", { title })}</p>;
  return (
    <>
      <Stops runs={stops} />
      {parts.map((part) => (
        <Part key={part.folder} part={part} />
      ))}
      {edited.length === 0 ? null : (
        <p className="pk-path">
          {t("You have changed {files} too: your changes are merged, or your version is kept apart.", {
            files: edited.join(", "),
          })}
        </p>
      )}
      {scripts.length === 0 ? null : <Scripts scripts={scripts} />}
      <p className="pk-soft">
        {script === null ? t("It has no update script of its own.") : t("Then {script} runs.", { script })}{" "}
        {notes.length === 0 ? t("If anything fails, everything is put back as it is now.") : notes.join(". ")}
      </p>
    </>
  );
}

const MOST_COMMITS = 5;

function Part({ part }: { part: UpdatePart }) {
  const { t } = useHost();
  const { folder, commits, problem, isRewritten, fileCount, files } = part;
  const where = folder === "" ? "" : `${folder}: `;
  if (problem !== null) return <p className="pk-soft">{where + problem}</p>;
  if (part.from === part.to) return null;
  return (
    <div>
      <p>{where + countText(part, t)}</p>
      {isRewritten ? <p className="pk-soft">{t("Its author has replaced the commits that are here")}</p> : null}
      <ul className="pk-change-commits">
        {commits.slice(0, MOST_COMMITS).map(({ commit, author, at, subject }) => (
          <li key={commit}>
            {subject} <span className="pk-soft">{`${author} · ${at.slice(0, 10)}`}</span>
          </li>
        ))}
        {commits.length > MOST_COMMITS ? (
          <li className="pk-soft">{t("and {count} more", { count: (part.count ?? commits.length) - MOST_COMMITS })}</li>
        ) : null}
      </ul>
      <details className="pk-change-files">
        <summary>{fileCount === 1 ? t("1 file changes") : t("{count} files change", { count: fileCount })}</summary>
        <ul>
          {files.map((path) => (
            <li key={path} className="pk-path">
              {path}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function Scripts({ scripts }: { scripts: UpdateLook["scripts"] }) {
  const { t } = useHost();
  return (
    <div>
      <p>{t("Nobody has agreed to these scripts yet. They run as you on this machine:")}</p>
      <ul className="pk-change-scripts">
        {scripts.map(({ path, commands, problem }) => (
          <li key={path}>
            <span className="pk-path">{path}</span>
            {problem === null ? null : <span className="pk-soft"> {problem}</span>}
            {commands.length === 0 ? null : <pre tabIndex={0}>{commands.join("\n")}</pre>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function countText({ count, commits }: UpdatePart, t: Translate): string {
  const all = count ?? commits.length;
  return all === 1 ? t("1 new commit") : t("{count} new commits", { count: all });
}
