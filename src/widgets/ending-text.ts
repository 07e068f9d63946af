import { type GpuEnding, type GpuHolder, isLive, type Run } from "../runtime/protocol/runs.js";
import { sizeText } from "./measures.js";
import type { Translate } from "./view.js";

/** What ending a run's programs takes, or took; null while there is nothing to tell. */
export function endingText(run: Run, t: Translate): string | null {
  const { ending } = run;
  if (ending === undefined) return null;
  const { processes, killed, left, portsClosed, portsOpen, gpu, tookMs } = ending;
  if (processes === 0 && portsClosed.length === 0 && portsOpen.length === 0) return null;
  const live = isLive(run);
  const parts = [
    processes === 0 ? null : countText(processes, live, t),
    killed === 0 ? null : t("killed {count}", { count: killed }),
    left === 0 ? null : t("{count} left", { count: left }),
    portsClosed.length === 0 ? null : t("{ports} closed", { ports: portsText(portsClosed, t) }),
    portsOpen.length === 0 ? null : t("{ports} still open", { ports: portsText(portsOpen, t) }),
    ...(gpu === undefined ? [] : gpuTexts(gpu, t)),
    live ? null : t("took {seconds} s", { seconds: (tookMs / 1_000).toFixed(1) }),
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

function countText(count: number, live: boolean, t: Translate): string {
  if (live) return count === 1 ? t("asked 1 process to end") : t("asked {count} processes to end", { count });
  return count === 1 ? t("ended 1 process") : t("ended {count} processes", { count });
}

/** What GPU memory came back, and what is still held by whom. */
function gpuTexts({ freedBytes, isEstimate, heldBytes, holders }: GpuEnding, t: Translate): (string | null)[] {
  const freed = { size: sizeText(freedBytes) };
  const held = { size: sizeText(heldBytes), who: holdersText(holders, t) };
  return [
    freedBytes === 0
      ? null
      : isEstimate
        ? t("about {size} of GPU memory given back", freed)
        : t("{size} of GPU memory given back", freed),
    heldBytes === 0
      ? null
      : freedBytes === 0
        ? t("{size} of GPU memory still held by {who}", held)
        : t("{size} still held by {who}", held),
  ];
}

function holdersText(holders: readonly GpuHolder[], t: Translate): string {
  if (holders.length === 0) return t("a program that cannot be seen from here");
  const named = holders.map(({ pid, name, run }) =>
    name === null ? t("process {pid}", { pid }) : run !== null ? name : t("{name} (process {pid})", { name, pid }),
  );
  const more = named.length - MOST_NAMED;
  return [...named.slice(0, MOST_NAMED), ...(more > 0 ? [t("{count} more", { count: more })] : [])].join(", ");
}

const MOST_NAMED = 3;

const portsText = (ports: readonly number[], t: Translate): string =>
  ports.length === 1 ? t("port {port}", { port: ports[0] ?? 0 }) : t("ports {ports}", { ports: ports.join(" ") });
