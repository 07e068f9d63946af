import { useState } from "react";
import type { JobId } from "../../runtime/protocol/ids.js";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import type { InstalledPackageView } from "../../runtime/protocol/package-requests.js";
import { useAction, useHost, useObstacle, useSnapshot } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { JobProgress } from "../parts/job-progress.js";
import { NeededBy } from "./needed-by.js";
import { RemovePackage } from "./remove-package.js";
import { typeText } from "./type-text.js";
import { usePackages } from "./use-packages.js";

/** Models, libraries, plugins and tasks; apps stand in My Library. */
export function AllPackages() {
  const { t } = useHost();
  const { value, error } = usePackages();
  const shown = (value ?? []).filter(({ type }) => type !== "app");
  if (shown.length === 0 && error === null) return null;
  return (
    <section className="pk-environments">
      <h2 className="pk-heading">{t("Packages")}</h2>
      {error === null ? null : <ErrorCard error={error} />}
      <ul className="pk-rows" aria-label={t("Packages")}>
        {shown.map((one) => (
          <li key={one.id}>
            <PackageRow one={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function PackageRow({ one }: { one: InstalledPackageView }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const [isRemoving, setRemoving] = useState(false);
  const [jobId, setJobId] = useState<JobId | null>(null);
  const job = useSnapshot()?.jobs.find(({ id }) => id === jobId) ?? null;
  const isBusy = job !== null && isUnderWay(job);
  return (
    <div className="pk-environment">
      <div className="pk-environment-head">
        <span className="pk-environment-name" title={one.id}>
          {one.name}
        </span>
        <span className="pk-soft">{one.version ?? one.commit?.slice(0, 10) ?? ""}</span>
      </div>
      <p className="pk-soft">
        {typeText(one.type, t)} · {one.place}
      </p>
      <NeededBy names={one.neededBy} isSoft />
      {one.problem === null ? null : <p className="pk-warning-text">{one.problem}</p>}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      {job === null ? null : <JobProgress job={job} />}
      {isBusy ? null : isRemoving ? (
        <RemovePackage one={one} onJob={setJobId} onClose={() => setRemoving(false)} />
      ) : (
        <div className="pk-actions">
          {one.installedAt === null ? null : (
            <Button
              kind="quiet"
              obstacle={obstacle}
              busy={action.busy}
              onPress={() =>
                action.start(async () => setJobId((await client.request("packages.update", { id: one.id })).job.id))
              }
            >
              {t("Update")}
            </Button>
          )}
          <Button kind="quiet" obstacle={obstacle} onPress={() => setRemoving(true)}>
            {t("Remove")}
          </Button>
        </div>
      )}
    </div>
  );
}
