import { leftText, type Progress } from "../protocol/progress.js";
import type { Run } from "../protocol/runs.js";
import { onOneLine } from "./words.js";

const WIDTH = 20;

/** What a run's program shows as a bar, on a line below that of the run; none when it shows none. */
export const progressLines = ({ progress }: Run): string[] =>
  progress === undefined ? [] : [`    ${onOneLine(progressText(progress))}`];

/** Such as "████████░░░░░░░░░░░░ 43 %  Downloading model.safetensors, 2.1 of 4.9 GB, 1 min left". */
export function progressText({ label, percent, done, total, secondsLeft }: Progress): string {
  const full = percent === null ? 0 : Math.round((WIDTH * percent) / 100);
  const bar = percent === null ? "" : `${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${Math.floor(percent)} %`;
  const words = [
    label,
    done === null ? "" : total === null ? done : `${done} of ${total}`,
    secondsLeft === null ? "" : `${leftText(secondsLeft)} left`,
  ];
  return [bar, words.filter((word) => word !== "").join(", ")].filter((part) => part !== "").join("  ");
}
