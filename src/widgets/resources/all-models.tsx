import { useState } from "react";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import type { ModelList } from "../../runtime/protocol/models.js";
import { useAction, useAnswer, useHost, useNow, useObstacle, useSnapshot } from "../host.js";
import { durationText, sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { Empty } from "../parts/empty.js";
import { ErrorCard } from "../parts/error-card.js";
import { JobProgress } from "../parts/job-progress.js";
import { ModelFamilies } from "./model-families.js";

/** From so many on a person looks for one by its name. */
const MANY = 12;

/** The models of the home by what they are for, looked for anew in each `round`, and what of them is there more than once. */
export function AllModels({ round, onFree }: { round: number; onFree(): void }) {
  const { t } = useHost();
  const over = (useSnapshot()?.jobs ?? []).filter((job) => !isUnderWay(job)).map(({ id }) => id);
  const { value, error, since } = useAnswer("models.list", {}, [round, ...over].join());
  const now = useNow(since !== null);
  const [text, setText] = useState("");
  const bytes = value?.families.reduce((sum, family) => sum + family.bytes, 0) ?? 0;
  const isWaiting = since !== null && now - since > 1_000;
  return (
    <section className="pk-models" aria-label={t("Models")}>
      <div className="pk-toolbar">
        <h2 className="pk-heading">{t("Models")}</h2>
        {isWaiting ? (
          <span className="pk-soft pk-number">{t("Looking · {time}", { time: durationText(now - since) })}</span>
        ) : null}
        {bytes === 0 ? null : <span className="pk-number">{sizeText(bytes)}</span>}
      </div>
      {error === null ? null : <ErrorCard error={error} />}
      {value === null ? null : value.models.length === 0 ? (
        <Empty title={t("No models yet")}>
          <p className="pk-soft">{t("Apps fetch them when they are installed or first used.")}</p>
        </Empty>
      ) : (
        <>
          <Copies list={value} onFree={onFree} />
          {value.models.length < MANY ? null : (
            <input
              type="search"
              aria-label={t("Find a model")}
              placeholder={t("Find one of {count}", { count: value.models.length })}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
          <ModelFamilies list={value} text={text} isOpen={value.models.length < MANY} />
          {value.isCut ? <p className="pk-soft">{t("There are more; only the largest are shown")}</p> : null}
        </>
      )}
    </section>
  );
}

function Copies({ list, onFree }: { list: ModelList; onFree(): void }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const comparing = useSnapshot()?.jobs.find((job) => job.kind === "compare-models" && isUnderWay(job));
  const extra = list.duplicates.reduce((sum, set) => sum + set.extraBytes, 0);
  if (list.duplicates.length === 0) return null;
  const isCertain = list.duplicates.every(({ isCompared }) => isCompared);
  return (
    <div className="pk-copies">
      <p>
        {isCertain
          ? t("Copies take {size} more than they have to.", { size: sizeText(extra) })
          : t("What seem to be copies take {size} more than they have to.", { size: sizeText(extra) })}
      </p>
      {comparing === undefined ? (
        <div className="pk-actions">
          <Button onPress={onFree}>{t("Free up space")}</Button>
          {isCertain ? null : (
            <Button
              obstacle={obstacle}
              busy={action.busy}
              title={t("Reads all of them; freeing does so too")}
              onPress={() => action.start(() => client.request("models.compare", {}))}
            >
              {t("Compare them")}
            </Button>
          )}
        </div>
      ) : (
        <JobProgress job={comparing} />
      )}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </div>
  );
}
