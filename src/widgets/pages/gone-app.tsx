import type { AppId } from "../../runtime/protocol/ids.js";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import { useAction, useAnswer, useFrame, useObstacle, useSnapshot } from "../host.js";
import { Button } from "../parts/button.js";
import { Empty } from "../parts/empty.js";
import { ErrorCard } from "../parts/error-card.js";
import { JobProgress } from "../parts/job-progress.js";

/** In place of an app that was uninstalled: how it is had back, and a way on. */
export function GoneApp({ appId }: { appId: AppId }) {
  const { host, goTo } = useFrame();
  const { client, t } = host;
  const obstacle = useObstacle();
  const action = useAction();
  const jobs = (useSnapshot()?.jobs ?? []).filter((job) => job.appId === appId);
  const over = jobs.filter((job) => !isUnderWay(job)).map(({ id }) => id);
  const { value: entries } = useAnswer("trash.list", {}, over.join());
  const entry = entries?.find(({ app, why }) => app === appId && why === "uninstall");
  const atWork = jobs.find(isUnderWay);
  return (
    <Empty title={t("This app is not installed any more")}>
      {atWork === undefined ? null : <JobProgress job={atWork} />}
      <div className="pk-actions">
        {entry === undefined || atWork !== undefined ? null : (
          <Button
            kind="primary"
            obstacle={obstacle ?? entry.refused}
            busy={action.busy}
            onPress={() => action.start(() => client.request("trash.restore", { entry: entry.name }))}
          >
            {t("Undo the uninstall")}
          </Button>
        )}
        <Button onPress={() => goTo("library")}>{t("My Library")}</Button>
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </Empty>
  );
}
