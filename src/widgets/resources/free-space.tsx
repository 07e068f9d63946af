import { useRef, useState } from "react";
import type { Freeable, FreeableList } from "../../runtime/protocol/freeing.js";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import { useAction, useAnswer, useHost, useNow, useObstacle, useSnapshot } from "../host.js";
import { useLedTo } from "../led-to.js";
import { durationText, sizeText } from "../measures.js";
import { Button, IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { JobProgress } from "../parts/job-progress.js";
import { FreeableRow } from "./freeable-row.js";

/** What can be freed, what that means and gives, and the one press that does it. */
export function FreeSpace({ onClose }: { onClose(): void }) {
  const { t } = useHost();
  const section = useRef<HTMLElement>(null);
  useLedTo("free-space", null, section);
  const jobs = (useSnapshot()?.jobs ?? []).filter(({ kind }) => kind === "free");
  const atWork = jobs.find(isUnderWay);
  const over = jobs.filter((job) => !isUnderWay(job));
  const last = over.at(-1);
  const [opened] = useState(() => new Set(over.map(({ id }) => id)));
  const { value, error, since } = useAnswer("storage.freeable", {}, over.map(({ id }) => id).join());
  const now = useNow(since !== null);
  return (
    <section ref={section} tabIndex={-1} className="pk-change pk-freeing" aria-label={t("Free up space")}>
      <div className="pk-toolbar">
        <h3 className="pk-heading">{t("Free up space")}</h3>
        {since !== null && now - since > 1_000 ? (
          <span className="pk-soft pk-number">{t("Looking · {time}", { time: durationText(now - since) })}</span>
        ) : null}
        <IconButton icon="close" label={t("Close")} onPress={onClose} />
      </div>
      {error === null ? null : <ErrorCard error={error} />}
      {atWork === undefined ? null : <JobProgress job={atWork} />}
      {atWork !== undefined || last === undefined || opened.has(last.id) ? null : (
        <div role="status">
          {last.state === "failed" ? <JobProgress job={last} /> : <p>{last.title}</p>}
          {(last.said ?? []).map((sentence) => (
            <p key={sentence} className="pk-warning-text">
              {sentence}
            </p>
          ))}
        </div>
      )}
      {value === null || atWork !== undefined ? null : <Choice list={value} />}
    </section>
  );
}

/** Copies become names of one file, and none is removed. */
const isLost = ({ kind, isSafe }: Freeable): boolean => !isSafe && kind !== "duplicates";

function Choice({ list }: { list: FreeableList }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { items, at } = list;
  /** What somebody has decided otherwise than it is offered; it outlives a look that finds the same again. */
  const [decided, setDecided] = useState<Readonly<Record<string, boolean>>>({});
  const isChosen = ({ id, isSafe, refused }: Freeable): boolean => refused === null && (decided[id] ?? isSafe);
  const going = items.filter(isChosen);
  const bytes = going.reduce((sum, item) => sum + item.bytes, 0);
  const lost = going.filter(isLost).reduce((sum, item) => sum + item.bytes, 0);
  if (items.length === 0) return <p className="pk-soft">{t("Nothing is here that could go without loss")}</p>;
  const size = sizeText(bytes);
  return (
    <>
      <ul className="pk-freeables">
        {items.map((item) => (
          <li key={item.id}>
            <FreeableRow
              item={item}
              isChosen={isChosen(item)}
              onChoose={(is) => setDecided({ ...decided, [item.id]: is })}
            />
          </li>
        ))}
      </ul>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      <div className="pk-actions">
        <Button
          kind={lost > 0 ? "danger" : "primary"}
          obstacle={going.length === 0 ? t("Nothing is chosen") : obstacle}
          busy={action.busy}
          onPress={() => action.start(() => client.request("storage.free", { items: going.map(({ id }) => id), at }))}
        >
          {lost > 0
            ? t("Free {size}, {lost} of it for good", { size, lost: sizeText(lost) })
            : t("Free {size}", { size })}
        </Button>
        <span className="pk-soft">{t("Outputs and other files of yours are not among these")}</span>
      </div>
    </>
  );
}
