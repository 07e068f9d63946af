import type { JobId } from "../../runtime/protocol/ids.js";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import type { FoundPackage } from "../../runtime/protocol/packages.js";
import { useAction, useHost, useObstacle, useRemembered, useSnapshot } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { JobProgress } from "../parts/job-progress.js";
import { usePackages } from "./use-packages.js";

/** Installs a package that is no app: nothing of it is run, so nobody has to agree first. */
export function PackageButton({ found }: { found: FoundPackage }) {
  const { client, t } = useHost();
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
    const despite = found.warning === null ? {} : { despiteWarning: true }; // it stands on the card
    setJobId((await client.request("packages.install", { id: found.id, ...despite })).job.id);
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
