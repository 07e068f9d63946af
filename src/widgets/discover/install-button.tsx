import { isUnderWay } from "../../runtime/protocol/jobs.js";
import type { App } from "../../runtime/protocol/apps.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import type { FoundPackage } from "../../runtime/protocol/packages.js";
import { appSituation } from "../app-condition.js";
import { useAction, useHost, useObstacle, useRuns, useSelected } from "../host.js";
import { AppButtons, AppStatus } from "../parts/app-controls.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { JobProgress } from "../parts/job-progress.js";
import { TokenForm } from "../parts/token-form.js";
import { useInstallPackage } from "./use-install-package.js";

interface InstallButtonProps {
  found: FoundPackage;
  onInstalling?: ((app: AppId | null) => void) | undefined;
}

const NOTHING = () => undefined;

/** Installs; how far that is takes its place. A private repository asks for its token. */
export function InstallButton({ found, onInstalling = NOTHING }: InstallButtonProps) {
  const { t } = useHost();
  const obstacle = useObstacle();
  const { busy, error, start, dismiss } = useAction();
  const { job, half, start: install } = useInstallPackage(found, onInstalling);
  const unfinished = useSelected((state) => state?.apps.find(({ id }) => id === half) ?? null);
  if (job !== null && isUnderWay(job)) return <JobProgress job={job} />;
  if (unfinished !== null) return <Resume app={unfinished} />;
  const isDoubtful = found.warning !== null || found.fit.verdict === "no";
  return (
    <>
      <Button
        kind={isDoubtful ? "secondary" : "primary"}
        obstacle={obstacle}
        busy={busy}
        onPress={() => start(() => install())}
      >
        {t("Install")}
      </Button>
      {error === null ? null : <ErrorCard error={error} onDismiss={dismiss} />}
      {error?.code === "login-needed" ? (
        <TokenForm busy={busy} onToken={(token) => start(() => install({ token }))} />
      ) : null}
      {error === null && job !== null ? <JobProgress job={job} /> : null}
    </>
  );
}

/** What was begun before is not begun anew. */
function Resume({ app }: { app: App }) {
  const { t } = useHost();
  const runs = useRuns();
  const situation = appSituation(app, runs, t);
  const why = app.why ?? t("The install script did not come to its end");
  return (
    <>
      {situation.installing || app.state === "installed" ? (
        <AppStatus situation={situation} />
      ) : (
        <p className="pk-soft pk-half" role="status">
          {t("{title} is here already, and was not installed to its end: {why}", { title: app.title, why })}
        </p>
      )}
      <AppButtons app={app} situation={situation} />
    </>
  );
}
