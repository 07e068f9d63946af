import { useState } from "react";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import { TrashList } from "../changes/trash-list.js";
import { AllEnvironments } from "../environments/all-environments.js";
import { useAnswer, useFrame, useNow, useObstacle, useRemembered, useSnapshot } from "../host.js";
import { FREEING_KEY, leadTo } from "../led-to.js";
import { durationText } from "../measures.js";
import { AllPackages } from "../packages/all-packages.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { AllModels } from "../resources/all-models.js";
import { DiskBar } from "../resources/disk-bar.js";
import { FreeSpace } from "../resources/free-space.js";
import type { Tab } from "./tab.js";

export const sharedResourcesTab: Tab = {
  id: "shared-resources",
  label: "Shared Resources",
  icon: "resources",
  View: SharedResources,
};

function SharedResources() {
  const { host, memory } = useFrame();
  const { t } = host;
  const obstacle = useObstacle();
  const freed = (useSnapshot()?.jobs ?? []).filter((job) => job.kind === "free" && !isUnderWay(job));
  const { value, error, since, refresh } = useAnswer("storage.use", {}, freed.map(({ id }) => id).join());
  const [isFreeing, setFreeing] = useRemembered(FREEING_KEY, false);
  const [round, setRound] = useState(0);
  const openFreeing = () => leadTo(memory, "free-space", null);
  const now = useNow(since !== null);
  const waited = since === null ? 0 : now - since;

  return (
    <>
      <div className="pk-toolbar">
        <h2 className="pk-heading">{t("Disk")}</h2>
        {waited > 1000 ? (
          <span className="pk-soft pk-number">{t("Adding up sizes · {time}", { time: durationText(waited) })}</span>
        ) : null}
        <Button
          kind="quiet"
          icon="refresh"
          obstacle={value === null ? null : obstacle}
          busy={since !== null}
          onPress={() => {
            refresh();
            setRound(round + 1);
          }}
        >
          {t("Refresh")}
        </Button>
      </div>
      {error === null ? null : <ErrorCard error={error} />}
      {value === null ? null : <DiskBar use={value} />}
      {isFreeing ? (
        <FreeSpace onClose={() => setFreeing(false)} />
      ) : (
        <div className="pk-actions">
          <Button onPress={openFreeing}>{t("Free up space")}</Button>
        </div>
      )}
      <AllModels round={round} onFree={openFreeing} />
      <AllEnvironments />
      <AllPackages />
      <TrashList />
    </>
  );
}
