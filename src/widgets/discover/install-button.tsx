import { isUnderWay } from "../../runtime/protocol/jobs.js";
import type { FoundPackage } from "../../runtime/protocol/packages.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { JobProgress } from "../parts/job-progress.js";
import { TokenForm } from "../parts/token-form.js";
import { useInstallPackage } from "./use-install-package.js";

interface InstallButtonProps {
  found: FoundPackage;
  onInstalling?: (() => void) | undefined;
}

const NOTHING = () => undefined;

/** Installs; how far that is takes its place. A private repository asks for its token. */
export function InstallButton({ found, onInstalling = NOTHING }: InstallButtonProps) {
  const { t } = useHost();
  const obstacle = useObstacle();
  const { busy, error, start, dismiss } = useAction();
  const { job, start: install } = useInstallPackage(found, onInstalling);
  if (job !== null && isUnderWay(job)) return <JobProgress job={job} />;
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
