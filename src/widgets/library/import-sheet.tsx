import { useLayoutEffect, useRef } from "react";
import type { ImportedApp, ImportedThing, ImportResult, LibraryFile } from "../../runtime/protocol/library-file.js";
import { requireKnownVersion } from "../../runtime/protocol/library-version.js";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import { PinokioError } from "../../runtime/protocol/errors.js";
import { alikeIn } from "../alike.js";
import { byEscape } from "../by-escape.js";
import { useAction, useHost, useObstacle, useSnapshot } from "../host.js";
import { Button, IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { Icon } from "../parts/icon.js";
import type { Translate } from "../view.js";

/** A library that somebody has chosen to import, and what that would do. */
export interface ImportOffer {
  file: LibraryFile;
  preview: ImportResult;
}

/** What an import would bring, before any of it is done: the consent to its whole list. */
export function ImportSheet({ offer, onClose }: { offer: ImportOffer; onClose(): void }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const { apps, others, changed, left } = offer.preview;
  const alike = alikeIn(apps.map(({ appId, title }) => ({ id: appId, title })));
  const comingApps = apps.filter(isComing).length;
  const comingOthers = others.filter(isComing).length;
  const coming = comingApps + comingOthers;
  const take = (install: boolean) =>
    action.start(async () => {
      await client.request("library.import", { file: offer.file, install });
      onClose();
    });

  return (
    <section className="pk-import" aria-label={t("Import a library")} {...byEscape(onClose)}>
      <h2 ref={heading} tabIndex={-1} className="pk-page-title">
        {t("Import a library")}
      </h2>
      {comingApps === 0 ? null : (
        <p className="pk-lead">{t("The scripts of these apps run as you on this machine.")}</p>
      )}
      <ul className="pk-import-list">
        {apps.map((app) => (
          <li key={app.appId}>
            <span>
              {app.title}
              {alike.has(app.appId) ? <span className="pk-soft"> {app.appId}</span> : null}
            </span>
            <span className={app.fate === "cannot" ? "pk-import-cannot" : "pk-soft"}>{fateText(app, t)}</span>
          </li>
        ))}
        {others.map((thing) => (
          <li key={`${thing.type} ${thing.name}`}>
            <span>{thing.name}</span>
            <span className={thing.fate === "cannot" ? "pk-import-cannot" : "pk-soft"}>{thingText(thing, t)}</span>
          </li>
        ))}
      </ul>
      <p className="pk-soft">
        {t(
          "Notes and tags of {marks}, settings of {settings} and places of {places} are taken over. Nothing that is here is lost.",
          {
            marks: appsText(changed.marks, t),
            settings: appsText(changed.settings, t),
            places: appsText(changed.places, t),
          },
        )}
      </p>
      {left.map((sentence) => (
        <p key={sentence} className="pk-soft">
          {sentence}
        </p>
      ))}
      <div className="pk-actions">
        {coming === 0 ? null : (
          <Button kind="primary" obstacle={obstacle} busy={action.busy} onPress={() => take(true)}>
            {comingOthers === 0
              ? t("Import and install {apps}", { apps: appsText(coming, t) })
              : t("Import and install all")}
          </Button>
        )}
        <Button
          kind={coming === 0 ? "primary" : "secondary"}
          obstacle={obstacle}
          busy={action.busy}
          onPress={() => take(false)}
        >
          {coming === 0 ? t("Import") : t("Import without installing")}
        </Button>
        <Button onPress={onClose}>{t("Cancel")}</Button>
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </section>
  );
}

const appsText = (count: number, t: Translate): string => (count === 1 ? t("1 app") : t("{count} apps", { count }));

function fateText({ fate, error, from, commit }: ImportedApp, t: Translate): string {
  const where = `${from ?? ""}${commit === null ? "" : ` · ${commit.slice(0, 12)}`}`;
  if (fate === "here") return t("is here already");
  if (fate === "written") return t("only what was written about it");
  return fate === "cannot" ? (error?.message ?? t("cannot be brought back")) : where;
}

const isComing = ({ fate }: Pick<ImportedApp, "fate">): boolean => fate === "install";

function thingText({ type, fate, error }: ImportedThing, t: Translate): string {
  if (fate === "cannot") return error?.message ?? t("cannot be brought back");
  return fate === "here" ? t("is here already") : type;
}

/** What a chosen file holds, or in words why it is no library. */
export async function readLibraryFile(file: File, t: Translate): Promise<LibraryFile> {
  let value: unknown;
  try {
    value = JSON.parse(await file.text());
  } catch (error) {
    throw new PinokioError("request-invalid", t("{file} cannot be read", { file: file.name }), { cause: error });
  }
  const isLibrary =
    typeof value === "object" && value !== null && "format" in value && value.format === "pinokiocloud-library";
  if (isLibrary) {
    requireKnownVersion(value, file.name);
    return value as LibraryFile; // the sidecar looks at it closely
  }
  throw new PinokioError("request-invalid", t("{file} holds no library", { file: file.name }), {
    hint: t("Choose a file that Export has written"),
  });
}

/** An import that goes on, and one that left something behind, or to be done by hand. */
export function ImportLine({ onDismiss, dismissed }: { dismissed: string | null; onDismiss(id: string): void }) {
  const { client, t } = useHost();
  const action = useAction();
  const job =
    useSnapshot()
      ?.jobs.filter(({ kind }) => kind === "import")
      .at(-1) ?? null;
  if (job === null || job.id === dismissed) return null;
  const said = job.said ?? [];
  if (job.error !== null || (!isUnderWay(job) && said.length > 0)) {
    return (
      <>
        {job.error === null ? null : <ErrorCard error={job.error} onDismiss={() => onDismiss(job.id)} />}
        {said.length === 0 ? null : <ImportNote said={said} onDismiss={() => onDismiss(job.id)} />}
      </>
    );
  }
  if (!isUnderWay(job)) return null;
  const { done = 0, total = 0 } = job.progress ?? {};
  return (
    <div className="pk-actions">
      <p className="pk-number">{t("{title}: {done} of {total}", { title: job.title, done, total: total ?? 0 })}</p>
      <Button
        kind="quiet"
        busy={action.busy}
        onPress={() => action.start(() => client.request("jobs.cancel", { jobId: job.id }))}
      >
        {t("Cancel")}
      </Button>
    </div>
  );
}

function ImportNote({ said, onDismiss }: { said: readonly string[]; onDismiss(): void }) {
  const { t } = useHost();
  return (
    <div className="pk-card pk-card-warning" role="group" aria-label={t("What did not come along")}>
      <Icon name="warning" />
      <div className="pk-card-text" role="status">
        <p>{t("The library was imported. This did not come along:")}</p>
        {said.map((sentence) => (
          <p key={sentence} className="pk-soft">
            {sentence}
          </p>
        ))}
      </div>
      <IconButton icon="close" label={t("Dismiss")} onPress={onDismiss} />
    </div>
  );
}
