import type { JobId } from "../../runtime/protocol/ids.js";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import type { FoundPackage } from "../../runtime/protocol/packages.js";
import { useAction, useFrame, useObstacle, useRemembered, useSnapshot } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { JobProgress } from "../parts/job-progress.js";
import { agreedWith, isAnyWarned, lookAtNeeds } from "./needs.js";
import { usePackages } from "./use-packages.js";

/** Installs a package that is no app: nothing of it is run, so only what comes with it has to be agreed to. */
export function PackageButton({ found }: { found: FoundPackage }) {
  const { host, askForConsent } = useFrame();
  const { client, t } = host;
  const obstacle = useObstacle();
  const action = useAction();
  const [jobId, setJobId] = useRemembered<JobId | null>(`install ${found.id}`, null);
  const job = useSnapshot()?.jobs.find(({ id }) => id === jobId) ?? null;
  const here = usePackages().value?.find(({ id }) => id === found.id);
  if (job !== null && isUnderWay(job)) return <JobProgress job={job} />;
  if (here !== undefined && here.problem === null) {
    return <span className="pk-soft">{t("Installed in {place}", { place: here.place })}</span>;
  }
  const isDoubtful = found.warning !== null || found.fit.verdict === "no";
  const install = async () => {
    const needs = found.dependencies.length === 0 ? [] : await lookAtNeeds(client, found.id, setJobId);
    if (needs === null) return;
    const begin = async () => {
      const despite = found.warning === null && !isAnyWarned(needs) ? {} : { despiteWarning: true }; // they are shown
      const agreed = needs.length === 0 ? {} : { agreed: agreedWith(needs), unattended: false };
      setJobId((await client.request("packages.install", { id: found.id, ...despite, ...agreed })).job.id);
    };
    if (needs.length === 0) return begin();
    const heading = t("Install {title}", { title: found.name });
    const verb = t("Install {count} packages", { count: needs.length + 1 });
    askForConsent({ heading, inspection: null, needs, verb, proceed: begin });
  };
  return (
    <>
      <Button
        kind={isDoubtful ? "secondary" : "primary"}
        obstacle={obstacle}
        busy={action.busy}
        onPress={() => action.start(install)}
      >
        {here === undefined ? t("Install") : t("Install again")}
      </Button>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      {action.error === null && job !== null ? <JobProgress job={job} /> : null}
    </>
  );
}
