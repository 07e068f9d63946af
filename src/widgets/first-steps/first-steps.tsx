import type { ReactNode } from "react";
import type { Machine } from "../../runtime/protocol/machine.js";
import { NO_WISH, type Wish, WISH_KEY } from "../discover/wish.js";
import { useAnswer, useFrame, useHost } from "../host.js";
import { sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { gpuText } from "../report.js";
import type { Translate } from "../view.js";
import { PolicyCard } from "./policy-card.js";
import { SampleGuide } from "./sample-guide.js";
import type { FirstStepsNow } from "./use-first-steps.js";

/** A person's first minutes, in place of Discover: three steps, each of them short. */
export function FirstStepsPage({ steps: { policy, finish } }: { steps: FirstStepsNow }) {
  const { t } = useHost();
  const machine = useAnswer("machine.facts", {}).value;
  const home = useAnswer("sidecar.status", {}).value?.home ?? null;
  return (
    <div className="pk-first">
      <div className="pk-toolbar">
        <h2 className="pk-first-title">{t("Your first minutes")}</h2>
        <Button kind="quiet" onPress={finish}>
          {t("Skip")}
        </Button>
      </div>
      {policy === null ? null : <PolicyCard policy={policy} />}
      <ol className="pk-first-steps">
        <Step number={1} title={t("Where your files will be")}>
          {home === null ? <Waiting /> : <p className="pk-path pk-first-place">{home}</p>}
          {machine === null ? null : (
            <p className="pk-soft">
              {`${t(machine.keeps).replace(/\.$/, "")}. `}
              {t("{free} of {total} are free.", {
                free: sizeText(machine.disk.freeBytes),
                total: sizeText(machine.disk.totalBytes),
              })}
            </p>
          )}
        </Step>
        <Step number={2} title={t("What this machine can do")}>
          {machine === null ? <Waiting /> : <p>{abilitiesOf(machine, t)}</p>}
          <Fitting onShow={finish} />
        </Step>
        <Step number={3} title={t("Try it with a sample")}>
          <SampleGuide onDone={finish} />
        </Step>
      </ol>
    </div>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="pk-first-step">
      <span className="pk-first-number" aria-hidden="true">
        {number}
      </span>
      <div className="pk-first-body">
        <h3 className="pk-heading">{title}</h3>
        {children}
      </div>
    </li>
  );
}

function Waiting() {
  const { t } = useHost();
  return <p className="pk-soft">{t("Looking…")}</p>;
}

function abilitiesOf({ gpus, cpu, cores, memoryBytes }: Machine, t: Translate): string {
  const graphics = gpus.length === 0 ? t("No graphics card") : gpus.map(gpuText).join(", ");
  return [graphics, cpu, t("{cores} cores", { cores }), t("{size} of memory", { size: sizeText(memoryBytes) })].join(
    " · ",
  );
}

/** How many apps run well here, as far as is known; and the way to them. */
function Fitting({ onShow }: { onShow(): void }) {
  const { host, memory, goTo } = useFrame();
  const { t } = host;
  const fitting = useAnswer("catalog.search", { filters: { fits: true, type: "app" }, most: 1 }).value;
  if (fitting === null || fitting.size === 0) return null;
  const { total, size } = fitting;
  return (
    <p className="pk-soft">
      {t("{total} of the {size} apps in the catalog run well here, as far as is known.", { size, total })}{" "}
      <button
        type="button"
        className="pk-link"
        onClick={() => {
          memory.set(WISH_KEY, { ...NO_WISH, filters: { fits: true } } satisfies Wish);
          onShow();
          goTo("discover");
        }}
      >
        {t("Show them")}
      </button>
    </p>
  );
}
