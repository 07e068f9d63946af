import { useMemo, useState } from "react";
import type { App, MenuItem } from "../../runtime/protocol/apps.js";
import { isLive, type Run } from "../../runtime/protocol/runs.js";
import { byEscape } from "../by-escape.js";
import { useShowFiles } from "../files/shown-files.js";
import { useAction, useFrame, useHost, useObstacle, useRuns } from "../host.js";
import { findItems, hasDefault, menuAction, menuText } from "../launcher-menu.js";
import { Button } from "./button.js";
import { ErrorCard } from "./error-card.js";
import { Icon, type IconName } from "./icon.js";
import { drawingOf, MenuIcon } from "./menu-icon.js";
import { useStartScript } from "./start-script.js";

/** Of more entries than these the others are looked for by their names. */
const MOST = 50;

type LiveRuns = ReadonlyMap<string, Run>;

interface MenuProps {
  app: App;
  items: readonly MenuItem[];
}

/** The menu that the app's author wrote, entry by entry. */
export function LauncherMenuList({ app, items }: MenuProps) {
  const runs = useRuns();
  const live = useMemo(() => new Map(runs.filter(isLive).map((run) => [run.script, run])), [runs]);
  return <Level app={app} items={items} live={live} />;
}

function Level({ app, items, live }: MenuProps & { live: LiveRuns }) {
  const { t } = useHost();
  const [text, setText] = useState("");
  const isMuch = items.length > MOST;
  const found = useMemo(() => (isMuch ? findItems(items, text) : items), [items, text, isMuch]);
  const hidden = found.length - MOST;
  return (
    <>
      {isMuch ? (
        <input
          className="pk-menu-find"
          type="search"
          aria-label={t("Find an entry")}
          placeholder={t("Find one of {count}", { count: items.length })}
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
      {found.length === 0 ? <p className="pk-soft">{t("No entry has that in its name")}</p> : null}
      <ul className="pk-menu">
        {found.slice(0, MOST).map((item, index) => (
          // Entries have no identity of their own; their place is all there is.
          <li key={index} className={item.default === true ? "pk-menu-default" : undefined}>
            <Entry app={app} item={item} live={live} />
          </li>
        ))}
      </ul>
      {hidden <= 0 ? null : (
        <p className="pk-soft">
          {hidden === 1 ? t("1 more: find it by its name") : t("{count} more: find one by its name", { count: hidden })}
        </p>
      )}
    </>
  );
}

function Entry({ app, item, live: runs }: { app: App; item: MenuItem; live: LiveRuns }) {
  const { openPage, showRun, host } = useFrame();
  const { t } = host;
  const obstacle = useObstacle();
  const action = useAction();
  const startScript = useStartScript(app);
  const showFiles = useShowFiles();
  const [asking, setAsking] = useState(false);
  const meaning = menuAction(item, app);
  const text = <bdi>{menuText(item) || t("Unnamed entry")}</bdi>;

  if (meaning.kind === "group") {
    return (
      <details className="pk-menu-group" open={hasDefault(meaning.items)}>
        <summary>
          <Icon name="right" />
          {drawingOf(item) === null ? null : <MenuIcon item={item} otherwise="folder" />}
          {text}
        </summary>
        <Level app={app} items={meaning.items} live={runs} />
      </details>
    );
  }

  if (meaning.kind === "none") {
    return (
      <p className="pk-menu-words">
        <MenuIcon item={item} otherwise="info" />
        {text}
        {item.href === undefined ? null : <span className="pk-soft">{t("cannot be opened here")}</span>}
      </p>
    );
  }

  const go = () => {
    setAsking(false);
    if (meaning.kind === "files") showFiles(app.id, meaning);
    if (meaning.kind === "open") openPage(meaning.url);
    if (meaning.kind === "run") action.start(() => startScript(meaning.script, meaning.input));
  };

  const live = meaning.kind === "run" ? runs.get(meaning.script) : undefined;
  if (live !== undefined) {
    return (
      <Button kind="quiet" onPress={() => showRun(live)}>
        <MenuIcon item={item} otherwise="output" />
        {text}
        <span className="pk-tag">{t("running")}</span>
      </Button>
    );
  }

  if (asking) {
    return (
      <div className="pk-question" role="group" aria-label={item.confirm ?? ""} {...byEscape(() => setAsking(false))}>
        <p>{item.confirm}</p>
        <div className="pk-actions">
          <Button kind="danger" onPress={go}>
            {text}
          </Button>
          <Button onPress={() => setAsking(false)}>{t("Cancel")}</Button>
        </div>
      </div>
    );
  }

  return (
    <>
      <Button
        kind="quiet"
        obstacle={meaning.kind === "run" ? obstacle : null}
        busy={action.busy}
        {...(item.default === true ? { title: t("What the app’s author puts first") } : {})}
        onPress={() => (item.confirm === undefined ? go() : setAsking(true))}
      >
        <MenuIcon
          item={item}
          otherwise={meaning.kind === "files" && meaning.file !== null ? "file" : OTHERWISE[meaning.kind]}
        />
        {text}
      </Button>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </>
  );
}

const OTHERWISE = { open: "open", run: "start", files: "folder" } as const satisfies Record<string, IconName>;
