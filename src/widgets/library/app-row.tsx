import { memo, type MouseEvent } from "react";
import { diskBytesOf } from "../../runtime/client/arrange-apps.js";
import type { App } from "../../runtime/protocol/apps.js";
import type { Job } from "../../runtime/protocol/jobs.js";
import type { Run } from "../../runtime/protocol/runs.js";
import { appSituation } from "../app-condition.js";
import { useAction, useFrame, useHost, useObstacle, useRemembered } from "../host.js";
import { sizeText } from "../measures.js";
import { AppButtons, AppFailure, AppStatus } from "../parts/app-controls.js";
import { AppPicture } from "../parts/app-picture.js";
import { IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { JobProgress } from "../parts/job-progress.js";
import { Icon } from "../parts/icon.js";
import { WaitingLine } from "../parts/waiting-line.js";
import { LoadingLine } from "../told/shown-by.js";
import { agoText } from "./ago.js";
import { AppMore } from "./app-more.js";
import { useChange } from "./use-change.js";

export interface AppRowProps {
  app: App;
  /** All of its own. */
  runs: readonly Run[];
  /** What is being done with it, such as an update, or null. */
  job: Job | null;
  /** Another one has the same title. */
  isAlike: boolean;
  /** A minute's precision is enough for it. */
  now: number;
  /** Null where nothing is being selected. */
  selected: boolean | null;
  /** Whether it can be dragged. */
  isMovable: boolean;
  onSelect(app: App, selected: boolean): void;
  onMenu(app: App, event: MouseEvent): void;
}

/** One app of the library. */
export const AppRow = memo(Row, isSameRow);

function Row({ app, runs, job, isAlike, now, selected, isMovable, onSelect, onMenu }: AppRowProps) {
  const { host, showApp } = useFrame();
  const { t, places } = host;
  const situation = appSituation(app, runs, t);
  const [open, setOpen] = useRemembered(`menu ${app.id}`, false);
  const shown = app.title || app.id;
  const title = isAlike ? `${shown} (${app.id})` : shown;
  const { run } = situation;
  const obstacle = useObstacle();
  const change = useChange();

  return (
    <article
      className="pk-app-grid pk-row"
      aria-label={title}
      onContextMenu={(event) => onMenu(app, event)}
      onDoubleClick={({ target }) => {
        // What does something by itself has done it.
        if (!(target as Element).closest("button, input, textarea, select, a, .pk-app-more")) places?.openApp(app.id);
      }}
      onKeyDown={(event) => {
        // Only where the app itself has the focus; it asks first.
        if (event.key !== "Delete" || obstacle !== null || !isName(event.target)) return;
        event.preventDefault();
        change(app, "uninstall");
      }}
    >
      {selected === null ? (
        <span
          className="pk-grip"
          draggable={isMovable}
          title={isMovable ? t("Drag to move; or Alt and arrow keys") : ""}
        >
          <AppPicture id={app.id} title={title} icon={app.icon} />
        </span>
      ) : (
        <label className="pk-select">
          <input
            type="checkbox"
            checked={selected}
            aria-label={t("Select {title}", { title })}
            onChange={(event) => onSelect(app, event.target.checked)}
          />
          <AppPicture id={app.id} title={title} icon={app.icon} />
        </label>
      )}
      <div className="pk-app-main">
        <h3 className="pk-app-title pk-row-title">
          <button
            type="button"
            className="pk-title-link"
            title={t("Show the page of {title}", { title })}
            onClick={() => showApp(app.id)}
          >
            <bdi>{shown}</bdi>
          </button>
          {isAlike ? <span className="pk-soft pk-app-script">{app.id}</span> : null}
          <Star app={app} title={title} />
        </h3>
        <AppStatus situation={situation} />
        <WaitingLine app={app} />
        {run === null ? null : <LoadingLine run={run} />}
        {run === null && job !== null ? <JobProgress job={job} /> : null}
        <Facts app={app} now={now} saysUpdate={situation.condition.word === "Update available"} />
      </div>
      <div className="pk-actions pk-app-actions">
        {selected === null ? <AppButtons app={app} situation={situation} /> : null}
        {selected === null ? (
          <IconButton
            icon="more"
            label={open ? t("Less about {title}", { title }) : t("More about {title}", { title })}
            expanded={open}
            onPress={() => setOpen(!open)}
          />
        ) : null}
      </div>
      <div className="pk-app-more">
        {selected === null ? <AppFailure app={app} situation={situation} place="library" /> : null}
        {open && selected === null ? <AppMore app={app} /> : null}
      </div>
    </article>
  );
}

const isName = (target: EventTarget): boolean => target instanceof Element && target.matches(".pk-title-link");

/** When it was used unless it is, what it takes, and the tags it has. */
function Facts({ app, now, saysUpdate }: { app: App; now: number; saysUpdate: boolean }) {
  const { t } = useHost();
  const { statistics, marks } = app;
  const used = statistics?.lastUsedAt ?? null;
  const bytes = diskBytesOf(app);
  const facts = [
    ...(used === null || app.runs.length > 0 ? [] : [t("Used {ago}", { ago: agoText(now - Date.parse(used), t) })]),
    ...(bytes === null ? [] : [sizeText(bytes)]),
  ];
  const labels = [...(app.update == null || saysUpdate ? [] : [t("Update")]), ...(marks?.tags ?? [])];
  if (facts.length === 0 && labels.length === 0) return null;
  return (
    <p className="pk-row-facts pk-soft pk-number">
      {facts.join(" · ")}
      {labels.map((label) => (
        <span key={label} className="pk-tag">
          {label}
        </span>
      ))}
    </p>
  );
}

function Star({ app, title }: { app: App; title: string }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const isFavorite = app.marks?.favorite === true;
  return (
    <>
      <button
        type="button"
        className="pk-button pk-button-icon pk-star"
        aria-label={t("Favourite: {title}", { title })}
        aria-pressed={isFavorite}
        aria-disabled={obstacle !== null || undefined}
        title={obstacle ?? (isFavorite ? t("No favourite any more") : t("Make it a favourite"))}
        onClick={() => {
          if (obstacle !== null || action.busy) return;
          action.start(() => client.request("library.mark", { apps: [app.id], change: { favorite: !isFavorite } }));
        }}
      >
        <Icon name="star" />
      </button>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </>
  );
}

/** Runs are a new list with every event; what they are decides. */
function isSameRow(before: AppRowProps, after: AppRowProps): boolean {
  const { runs, ...rest } = after;
  const { runs: earlier, ...others } = before;
  return (
    runs.length === earlier.length &&
    runs.every((run, at) => run === earlier[at]) &&
    (Object.keys(rest) as (keyof typeof rest)[]).every((name) => rest[name] === others[name])
  );
}
