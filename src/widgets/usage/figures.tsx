import type { ReactNode } from "react";
import type { RunId } from "../../runtime/protocol/ids.js";
import type { Usage } from "../../runtime/protocol/usage.js";
import { useHost } from "../host.js";
import { sizeText } from "../measures.js";
import { MACHINE, type RecentUsage, type UsagePoint } from "./recent-usage.js";
import { Sparkline } from "./sparkline.js";

type Quantity = "cpu" | "memoryBytes" | "gpuMemoryBytes";

const UNKNOWN = "–";

/** A line that stays below this share of what there is looks as low as it is. */
const LEAST_SHARE = 0.1;

/** What a live run uses. */
export function RunFigures({ recent, runId }: { recent: RecentUsage | null; runId: RunId }) {
  const { t } = useHost();
  const use = recent?.now.runs[runId];
  const points = recent?.points.get(runId) ?? [];
  const limit = (quantity: Quantity) => (recent === null ? 0 : limitsOf(recent.now)[quantity]);
  const highest = (quantity: Quantity) =>
    Math.max(limit(quantity) * LEAST_SHARE, ...points.map((point) => point[quantity] ?? 0));
  const line = (quantity: Quantity) => lineOf(recent, points, quantity, highest(quantity));
  const gpu = use?.gpuMemoryBytes ?? null;
  const cards = recent?.now.gpus.length ?? 0;
  return (
    <ul className={cards === 0 ? "pk-figures" : "pk-figures pk-figures-gpu"} aria-label={t("Uses")}>
      <Figure label={t("CPU")} value={coresText(use?.cpu ?? null, t)} line={line("cpu")} />
      <Figure
        label={t("Memory")}
        value={use === undefined ? UNKNOWN : sizeText(use.memoryBytes)}
        {...(use === undefined ? {} : { title: processesText(use.processes, t) })}
        line={line("memoryBytes")}
      />
      {cards === 0 ? null : (
        <Figure
          label={t("GPU memory")}
          shortLabel={t("GPU")}
          value={gpu === null ? UNKNOWN : `${use?.isGpuEstimate === true ? "≈ " : ""}${sizeText(gpu)}`}
          {...(use?.isGpuEstimate !== true
            ? {}
            : {
                title:
                  gpu === null
                    ? t("The graphics card does not say whose memory it is, and more than one app uses it")
                    : t("An estimate: what the graphics card holds more than when no app used it"),
                note: gpu === null ? t("not known") : t("estimate"),
              })}
          line={line("gpuMemoryBytes")}
        />
      )}
      {cards === 0 ? null : <GpuBusy work={use?.gpuWork ?? null} cards={cards} />}
    </ul>
  );
}

/** In percent of one card, as a program's processor time is counted in cores. */
function GpuBusy({ work, cards }: { work: { busy: number; of: "run" | "machine" } | null; cards: number }) {
  const { t } = useHost();
  const isOfAll = work?.of === "machine";
  return (
    <Figure
      label={isOfAll ? t("GPU, machine total") : t("GPU busy")}
      value={work === null ? UNKNOWN : t("{percent} %", { percent: Math.round(100 * work.busy) })}
      {...(isOfAll ? { title: t("The graphics card does not say whose work it does: this is all of it") } : {})}
      line={<Bar share={(work?.busy ?? 0) / Math.max(1, cards)} />}
    />
  );
}

/** What the machine has, and how much of it is used. */
export function MachineFigures({ recent }: { recent: RecentUsage | null }) {
  const { t } = useHost();
  const now = recent?.now;
  const points = recent?.points.get(MACHINE) ?? [];
  const limits = now === undefined ? null : limitsOf(now);
  const line = (quantity: Quantity) => lineOf(recent, points, quantity, limits?.[quantity] ?? 0);
  return (
    <ul className="pk-figures pk-figures-machine" aria-label={t("This machine uses")}>
      <Figure
        label={t("CPU")}
        value={
          now === undefined
            ? UNKNOWN
            : t("{used} of {count} cores", { used: now.cpu.used?.toFixed(1) ?? UNKNOWN, count: now.cpu.cores })
        }
        line={line("cpu")}
      />
      <Figure
        label={t("Memory")}
        value={now === undefined ? UNKNOWN : partText(now.memory.usedBytes, now.memory.totalBytes, t)}
        line={line("memoryBytes")}
      />
      <Figure
        label={t("Disk")}
        value={now === undefined ? UNKNOWN : partText(now.disk.totalBytes - now.disk.freeBytes, now.disk.totalBytes, t)}
        line={<Bar share={now === undefined ? 0 : 1 - now.disk.freeBytes / now.disk.totalBytes} />}
      />
      {now === undefined || now.gpus.length === 0 ? null : (
        <Figure
          label={t("GPU memory")}
          value={partText(sum(now.gpus, "memoryBytes"), sum(now.gpus, "totalBytes"), t)}
          title={now.gpus.map((gpu) => gpuText(gpu, t)).join("\n")}
          line={line("gpuMemoryBytes")}
        />
      )}
    </ul>
  );
}

interface FigureProps {
  label: string;
  /** Where the label has no room. */
  shortLabel?: string;
  value: string;
  title?: string;
  /** Said to those who cannot see the title. */
  note?: string;
  line: ReactNode;
}

function Figure({ label, shortLabel, value, title, note, line }: FigureProps) {
  return (
    <li className="pk-figure" title={title}>
      <span className={`pk-soft pk-figure-label${shortLabel === undefined ? "" : " pk-figure-long"}`}>{label}</span>{" "}
      {shortLabel === undefined ? null : (
        <span className="pk-soft pk-figure-label pk-figure-short" aria-hidden="true">
          {shortLabel}
        </span>
      )}
      <span className="pk-number pk-figure-value">{value}</span>
      {note === undefined ? null : <span className="pk-hidden"> ({note})</span>}
      {line}
    </li>
  );
}

const Bar = ({ share }: { share: number }) => (
  <span className="pk-spark pk-spark-bar" aria-hidden="true">
    <span className="pk-bar-done" style={{ inlineSize: `${Math.round(100 * Math.min(1, Math.max(0, share)))}%` }} />
  </span>
);

type Translate = ReturnType<typeof useHost>["t"];

const coresText = (cpu: number | null, t: Translate): string =>
  cpu === null ? UNKNOWN : t("{count} cores", { count: cpu.toFixed(1) });

const processesText = (count: number, t: Translate): string =>
  count === 1 ? t("1 process") : t("{count} processes", { count });

/** "7.2 of 16 GB": the unit once when it is the same. */
function partText(used: number, total: number, t: Translate): string {
  const [amount = "", unit] = sizeText(used).split(" ");
  const whole = sizeText(total);
  return t("{used} of {total}", { used: whole.endsWith(` ${unit}`) ? amount : sizeText(used), total: whole });
}

const gpuText = ({ name, busy, memoryBytes, totalBytes }: Usage["gpus"][number], t: Translate): string =>
  `${name}: ${partText(memoryBytes, totalBytes, t)}` +
  (busy === null ? "" : ` · ${t("{percent} % busy", { percent: Math.round(busy * 100) })}`);

const sum = (gpus: Usage["gpus"], what: "memoryBytes" | "totalBytes"): number =>
  gpus.reduce((total, gpu) => total + gpu[what], 0);

const limitsOf = ({ cpu, memory, gpus }: Usage): Record<Quantity, number> => ({
  cpu: cpu.cores,
  memoryBytes: memory.totalBytes,
  gpuMemoryBytes: sum(gpus, "totalBytes"),
});

const lineOf = (recent: RecentUsage | null, points: readonly UsagePoint[], quantity: Quantity, most: number) => (
  <Sparkline
    points={points.map((point) => ({ at: point.at, value: point[quantity] }))}
    now={recent === null ? 0 : Date.parse(recent.now.at)}
    most={most}
  />
);
