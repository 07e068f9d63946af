import { useMemo, useState } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import { isLive, type Run } from "../../runtime/protocol/runs.js";
import { appSituation, runsOf, webPageOf } from "../app-condition.js";
import { PackageCard } from "../discover/package-card.js";
import {
  type Frame,
  FrameProvider,
  useAnswer,
  useFrame,
  useHost,
  useRemembered,
  useRuns,
  useSnapshot,
} from "../host.js";
import { Button } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import type { Translate } from "../view.js";

/** Comes with us and needs no network; small enough to be there within a minute. */
const SAMPLE = "hello-server";

type Next = "install" | "watch" | "start" | "wait" | "open" | "done" | "failed";
const SHOWN_STEPS = ["install", "watch", "start", "open"] as const;

/** Installs, starts and opens a sample, and says at each moment which button is next. */
export function SampleGuide({ onDone }: { onDone(): void }) {
  const frame = useFrame();
  const { t } = frame.host;
  const apps = useSnapshot()?.apps ?? [];
  const runs = useRuns();
  const installed = apps.map(({ id, state }) => `${id} ${state}`).join(" ");
  const found = useAnswer("catalog.search", { filters: { source: "examples" }, most: 5 }, installed).value;
  const samples = found?.packages ?? [];
  const sample = samples.find(({ id }) => id === SAMPLE) ?? samples[0];
  const [isOpened, setOpened] = useRemembered("first steps opened", false);
  const [isCardOpen, setCardOpen] = useState(false);
  const noting: Frame = useMemo(
    () => ({
      ...frame,
      openPage: (url) => {
        setOpened(true);
        frame.openPage(url);
      },
    }),
    [frame, setOpened],
  );
  if (found === null) return <p className="pk-soft">{t("Looking…")}</p>;
  if (sample === undefined) {
    return (
      <>
        <p className="pk-soft">{t("No sample came with this PinokioCloud.")}</p>
        <Button kind="primary" icon="discover" onPress={onDone}>
          {t("Discover apps")}
        </Button>
      </>
    );
  }
  const app = apps.find(({ id }) => id === sample.installed) ?? null;
  const next = nextOf(app, runs, isOpened, t);
  return (
    <div className="pk-first-sample" data-next={next}>
      <Track next={next} />
      <FrameProvider value={noting}>
        <ul className="pk-cards">
          <li className="pk-app">
            <PackageCard
              found={sample}
              isOpen={isCardOpen}
              holdsDetails
              onOpen={(id) => setCardOpen(id !== null)}
              onSearch={() => undefined}
            />
          </li>
        </ul>
      </FrameProvider>
      <p className="pk-first-hint" role="status">
        {hintOf(next, t)}
      </p>
      <div className="pk-actions">
        <Button kind={next === "done" ? "primary" : "secondary"} icon="discover" onPress={onDone}>
          {t("Discover apps")}
        </Button>
        {app !== null && next === "done" ? (
          <Button kind="quiet" onPress={() => frame.showApp(app.id)}>
            {t("Look at its page")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function nextOf(app: App | null, runs: readonly Run[], isOpened: boolean, t: Translate): Next {
  if (app === null) return "install";
  const { failure, installing } = appSituation(app, runs, t);
  if (failure !== null || app.problem !== null) return "failed";
  if (installing || app.state === "installing") return "watch";
  if (app.state !== "installed") return "install";
  if (webPageOf(app, runs) !== null) return isOpened ? "done" : "open";
  if (runsOf(app, runs).some(isLive)) return "wait";
  return isOpened ? "done" : "start";
}

/** The four steps, with the one that is next. */
function Track({ next }: { next: Next }) {
  const { t } = useHost();
  const words: Record<(typeof SHOWN_STEPS)[number], string> = {
    install: t("Install"),
    watch: t("Watch"),
    start: t("Start"),
    open: t("Open"),
  };
  const at =
    next === "done" ? SHOWN_STEPS.length : SHOWN_STEPS.findIndex((step) => step === (next === "wait" ? "start" : next));
  return (
    <ol className="pk-first-track">
      {SHOWN_STEPS.map((step, index) => (
        <li key={step} aria-current={index === at ? "step" : undefined} data-done={index < at || undefined}>
          {index < at ? <Icon name="check" /> : null}
          {words[step]}
        </li>
      ))}
    </ol>
  );
}

function hintOf(next: Next, t: Translate): string {
  const hints: Record<Next, string> = {
    install: t("Press Install. You see what its scripts run before anything is run, and agree to it."),
    watch: t("It installs. How far it is stands above; this page can be left meanwhile."),
    start: t("It is installed. Press Start."),
    wait: t("It starts. Open appears as soon as its page answers."),
    open: t("It runs. Press Open to see its page."),
    done: t(
      "Every app goes like this: install, start, open. It runs on until you press Stop, also when this page is closed.",
    ),
    failed: t("That did not work. The card says why, and what can be done."),
  };
  return hints[next];
}
