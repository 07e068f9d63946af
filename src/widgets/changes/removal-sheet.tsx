import { useId, useState } from "react";
import type { ChangePart, RemovalPreview } from "../../runtime/protocol/changes.js";
import type { App } from "../../runtime/protocol/apps.js";
import { useAction, useAnswer, useHost, useObstacle } from "../host.js";
import { sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { Check } from "../parts/check.js";
import { ErrorCard } from "../parts/error-card.js";
import type { Translate } from "../view.js";
import { CameWith } from "../packages/came-with.js";
import { NeededBy } from "../packages/needed-by.js";
import { Stops } from "./stops.js";
import { TokenStays } from "./token-stays.js";
import { noteChange } from "./recent-change.js";

interface RemovalSheetProps {
  app: App;
  kind: "uninstall" | "reset";
  onClose(): void;
}

/** What goes and what stays, before an app is uninstalled or reset. */
export function RemovalSheet({ app, kind, onClose }: RemovalSheetProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const name = kind === "reset" ? "apps.resetPreview" : "apps.uninstallPreview";
  const { value: preview, error } = useAnswer(name, { appId: app.id });
  const [all, setAll] = useState(false);
  const [installs, setInstalls] = useState(true);
  const title = app.title || app.id;

  const isNeeded = (preview?.neededBy ?? []).length > 0; // which is told before it is pressed

  const carryOut = async (): Promise<void> => {
    const { job, entry } =
      kind === "reset"
        ? await client.request("apps.reset", { appId: app.id, all, install: installs })
        : await client.request("apps.uninstall", { appId: app.id, all, ...(isNeeded ? { despiteUse: true } : {}) });
    const done = kind === "reset" ? t("{title} is reset", { title }) : t("{title} is uninstalled", { title });
    noteChange(client, job.id, { done, entry });
    onClose();
  };

  const heading = kind === "reset" ? t("Reset {title}", { title }) : t("Uninstall {title}", { title });
  return (
    <section className="pk-change" aria-label={heading}>
      <h3 className="pk-heading">{heading}</h3>
      {error === null ? null : <ErrorCard error={error} />}
      {preview === null ? (
        error === null ? (
          <p className="pk-soft">{t("Looking at what goes and what stays")}</p>
        ) : null
      ) : (
        <>
          <Parts preview={preview} all={all} />
          {kind === "uninstall" ? <CameWith ids={[app.id]} /> : null}
          <TokenStays token={preview.token} />
          {preview.stays.length === 0 ? null : (
            <Check checked={all} onChange={setAll}>
              {t("Move your files into the trash too ({size})", { size: sizeText(preview.staysBytes) })}
            </Check>
          )}
          {kind === "reset" && preview.installer !== null ? (
            <Check checked={installs} onChange={setInstalls}>
              {t("Run its install script afterwards")}
            </Check>
          ) : null}
          <p className="pk-soft">{spaceText(preview, all, t)}</p>
        </>
      )}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      <div className="pk-failure-actions">
        {preview === null ? null : (
          <Button kind="danger" obstacle={obstacle} busy={action.busy} onPress={() => action.start(carryOut)}>
            {lossText(kind, preview, all, t)}
          </Button>
        )}
        <Button onPress={onClose}>{t("Cancel")}</Button>
      </div>
    </section>
  );
}

function Parts({ preview, all }: { preview: RemovalPreview; all: boolean }) {
  const { t } = useHost();
  const goes = all ? [...preview.goes, ...preview.stays] : preview.goes;
  return (
    <>
      <Stops runs={preview.stops} />
      <NeededBy names={preview.neededBy} />
      <PartList title={t("Goes into the trash")} parts={goes} />
      {all ? null : <PartList title={t("Stays")} parts={preview.stays} />}
      {all
        ? null
        : preview.notes.map((note) => (
            <p key={note} className="pk-soft pk-path">
              {note}
            </p>
          ))}
    </>
  );
}

function PartList({ title, parts }: { title: string; parts: readonly ChangePart[] }) {
  const { t } = useHost();
  const heading = useId();
  if (parts.length === 0) return null;
  return (
    <div>
      <p className="pk-soft" id={heading}>
        {title}
      </p>
      <ul className="pk-change-parts" aria-labelledby={heading}>
        {parts.map(({ label, bytes, files, examples }) => (
          <li key={label}>
            <span>
              {t(label)}
              {examples.length === 0 ? null : <span className="pk-soft pk-change-examples">{examples.join(", ")}</span>}
            </span>
            <span className="pk-soft pk-number">
              {files === 1 ? t("1 file") : t("{count} files", { count: files })} · {sizeText(bytes)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const spaceOf = ({ bytes, staysBytes }: RemovalPreview, all: boolean): number => bytes + (all ? staysBytes : 0);

function spaceText(preview: RemovalPreview, all: boolean, t: Translate): string {
  const size = sizeText(spaceOf(preview, all));
  if (preview.sharedBytes === 0) return t("{size} are free again when the trash is emptied", { size });
  const shared = sizeText(preview.sharedBytes);
  return t(
    "{size} are free again when the trash is emptied; {shared} stay, since something else holds the same files",
    {
      size,
      shared,
    },
  );
}

/** The button names the thing and the loss. */
function lossText(kind: "uninstall" | "reset", preview: RemovalPreview, all: boolean, t: Translate): string {
  const { title, stays } = preview;
  const size = sizeText(spaceOf(preview, all));
  const own = all ? t("your files too") : stays.length === 0 ? t("no files of yours") : t("your files kept");
  return kind === "reset"
    ? t("Reset {title} ({size}, {own})", { title, size, own })
    : t("Uninstall {title} ({size}, {own})", { title, size, own });
}
