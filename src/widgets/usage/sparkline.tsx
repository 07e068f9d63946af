import { SHOWN_MS } from "./recent-usage.js";

const WIDTH = 96;
const HEIGHT = 16;
/** Points that are further apart are not joined: nobody looked in between, and the sidecar measures now and then. */
const FAR_APART_MS = 40_000;

interface SparklineProps {
  points: readonly { at: number; value: number | null }[];
  /** The right edge, and what the upper edge stands for. */
  now: number;
  most: number;
}

/** The last two minutes as a line; decoration of the number beside it. */
export function Sparkline({ points, now, most }: SparklineProps) {
  const path = pathOf(points, now, most);
  return (
    <svg
      className="pk-spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  );
}

function pathOf(points: SparklineProps["points"], now: number, most: number): string {
  let path = "";
  let before: number | null = null;
  for (const { at, value } of points) {
    if (value === null || at < now - SHOWN_MS) continue;
    const x = WIDTH - ((now - at) / SHOWN_MS) * WIDTH;
    const y = HEIGHT - 1 - Math.min(1, most <= 0 ? 0 : value / most) * (HEIGHT - 2);
    path += `${before === null || at - before > FAR_APART_MS ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    before = at;
  }
  return path;
}
