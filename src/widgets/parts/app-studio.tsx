import { useState } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { MadeFile } from "../../runtime/protocol/install-requests.js";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import { useAction, useAnswer, useHost, useObstacle, useSnapshot } from "../host.js";
import { sizeText } from "../measures.js";
import { Button } from "./button.js";
import { ErrorCard } from "./error-card.js";
import { JobProgress } from "./job-progress.js";

/** Of an app that was installed for a while: what it has made, and the way to keep that and nothing else of it. */
export function AppStudio({ app }: { app: App }) {
  const { t } = useHost();
  const [isAsked, setAsked] = useState(false);
  const ending = useSnapshot()?.jobs.find(({ kind, title }) => kind === "studio" && title.endsWith(` ${app.id}`));
  if (app.studio !== true) return null;
  return (
    <section className="pk-studio" aria-label={t("For a while only")}>
      <p className="pk-soft">{t("This app was installed for a while only.")}</p>
      {ending !== undefined && isUnderWay(ending) ? (
        <JobProgress job={ending} />
      ) : isAsked ? (
        <Made app={app} onClose={() => setAsked(false)} />
      ) : (
        <Button onPress={() => setAsked(true)}>{t("Keep what it made and remove it…")}</Button>
      )}
    </section>
  );
}

function Made({ app, onClose }: { app: App; onClose(): void }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { value, error } = useAnswer("studio.files", { appId: app.id });
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  if (error !== null) return <ErrorCard error={error} onDismiss={onClose} />;
  if (value === null) return null;
  const { files, totalFiles } = value;
  const kept = files.filter(({ path }) => !left.has(path));
  const isAll = left.size === 0;
  const toggle = ({ path }: MadeFile): void => {
    const next = new Set(left);
    if (!next.delete(path)) next.add(path);
    setLeft(next);
  };
  const end = () => client.request("studio.end", { appId: app.id, keep: isAll ? "all" : kept.map(({ path }) => path) });
  const bytes = isAll ? value.totalBytes : kept.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <>
      <p>
        {totalFiles === 0
          ? t("It has made no files.")
          : t("{count} of {total} files it made are kept ({size}); everything else of it is removed for good.", {
              count: isAll ? totalFiles : kept.length,
              total: totalFiles,
              size: sizeText(bytes),
            })}
      </p>
      {(value.stays ?? []).map((folder) => (
        <p key={folder} className="pk-soft">
          {t("{folder} is on the drive, and stays there.", { folder })}
        </p>
      ))}
      <ul className="pk-made">
        {files.map((file) => (
          <li key={file.path}>
            <label>
              <input type="checkbox" checked={!left.has(file.path)} onChange={() => toggle(file)} />
              <span className="pk-path">{file.path}</span>
              <span className="pk-soft pk-number">{sizeText(file.bytes)}</span>
            </label>
          </li>
        ))}
      </ul>
      <div className="pk-actions">
        <Button kind="danger" obstacle={obstacle} busy={action.busy} onPress={() => action.start(end)}>
          {t("Remove every trace")}
        </Button>
        <Button onPress={onClose}>{t("Cancel")}</Button>
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </>
  );
}
