import { useState } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { DriveFolder, MadeFile } from "../../runtime/protocol/install-requests.js";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import { byEscape } from "../by-escape.js";
import { TokenStays } from "../changes/token-stays.js";
import { useAction, useAnswer, useHost, useObstacle, useSnapshot } from "../host.js";
import { sizeText } from "../measures.js";
import { CameWith } from "../packages/came-with.js";
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

const NOTHING: ReadonlyMap<string, boolean> = new Map();
const NONE: ReadonlySet<string> = new Set();

function Made({ app, onClose }: { app: App; onClose(): void }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { value, error } = useAnswer("studio.files", { appId: app.id });
  const [chosen, setChosen] = useState(NOTHING);
  const [going, setGoing] = useState(NONE);
  if (error !== null) return <ErrorCard error={error} onDismiss={onClose} />;
  if (value === null) return null;
  const { files, totalFiles, drive } = value;
  /** What lies in a folder that stays is kept by that. */
  const isKept = ({ path, drive: folder }: MadeFile): boolean =>
    chosen.get(path) ?? (folder === undefined || going.has(folder));
  const kept = files.filter(isKept);
  const isAll = chosen.size === 0;
  const staying = drive.filter(({ folder }) => !going.has(folder));
  const sum = (of: (folder: DriveFolder) => number): number => staying.reduce((total, one) => total + of(one), 0);
  const end = () =>
    client.request("studio.end", {
      appId: app.id,
      keep: isAll ? "all" : kept.map(({ path }) => path),
      ...(going.size === 0 ? {} : { drive: [...going] }),
    });
  const count = isAll ? totalFiles - sum(({ madeFiles }) => madeFiles) : kept.length;
  const bytes = isAll
    ? value.totalBytes - sum(({ madeBytes }) => madeBytes)
    : kept.reduce((total, file) => total + file.bytes, 0);
  return (
    <>
      <p>
        {totalFiles === 0
          ? t("It has made no files.")
          : t("{count} of {total} files it made are kept ({size}); everything else of it is removed for good.", {
              count,
              total: totalFiles,
              size: sizeText(bytes),
            })}
      </p>
      <ul className="pk-made">
        {files.map((file) => (
          <li key={file.path}>
            <label>
              <input
                type="checkbox"
                checked={isKept(file)}
                onChange={() => setChosen(new Map(chosen).set(file.path, !isKept(file)))}
              />
              <span className="pk-path">
                {file.path}
                {file.drive === undefined || going.has(file.drive) ? null : (
                  <span className="pk-soft"> {t("stays on the drive")}</span>
                )}
              </span>
              <span className="pk-soft pk-number">{sizeText(file.bytes)}</span>
            </label>
          </li>
        ))}
      </ul>
      {drive.map((one) => (
        <DriveChoice
          key={one.folder}
          one={one}
          isGoing={going.has(one.folder)}
          onChange={(isGoing) => {
            const next = new Set(going);
            if (isGoing) next.add(one.folder);
            else next.delete(one.folder);
            setGoing(next);
          }}
        />
      ))}
      <CameWith ids={[app.id]} />
      <TokenStays token={value.token} />
      <div className="pk-actions" {...byEscape(onClose)}>
        <Button kind="danger" obstacle={obstacle} busy={action.busy} onPress={() => action.start(end)}>
          {t("Remove every trace")}
        </Button>
        <Button onPress={onClose}>{t("Cancel")}</Button>
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </>
  );
}

interface DriveChoiceProps {
  one: DriveFolder;
  isGoing: boolean;
  onChange(isGoing: boolean): void;
}

/** A folder of the drive: it stays, unless it is the app's alone and a person gives it up. */
function DriveChoice({ one, isGoing, onChange }: DriveChoiceProps) {
  const { t } = useHost();
  const { folder, files, bytes, usedBy, mayGo } = one;
  const size = sizeText(bytes);
  if (!mayGo) {
    return (
      <p className="pk-soft">
        {usedBy.length === 0
          ? t("{folder} is on the drive, and stays there.", { folder })
          : t("{folder} is on the drive, and stays there: used by {apps}.", { folder, apps: usedBy.join(", ") })}
      </p>
    );
  }
  return (
    <label className="pk-limits-check">
      <input type="checkbox" checked={isGoing} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
      {files === 1
        ? t("Remove {folder} from the drive too (1 file, {size}): only this app uses it", { folder, size })
        : t("Remove {folder} from the drive too ({files} files, {size}): only this app uses it", {
            ...{ folder, files, size },
          })}
    </label>
  );
}
