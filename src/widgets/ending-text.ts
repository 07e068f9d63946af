import { isLive, type Run } from "../runtime/protocol/runs.js";
import type { Translate } from "./view.js";

/** What ending a run's programs takes, or took; null while there is nothing to tell. */
export function endingText(run: Run, t: Translate): string | null {
  const { ending } = run;
  if (ending === undefined) return null;
  const { processes, killed, left, portsClosed, portsOpen, tookMs } = ending;
  if (processes === 0 && portsClosed.length === 0 && portsOpen.length === 0) return null;
  const live = isLive(run);
  const parts = [
    processes === 0 ? null : countText(processes, live, t),
    killed === 0 ? null : t("killed {count}", { count: killed }),
    left === 0 ? null : t("{count} left", { count: left }),
    portsClosed.length === 0 ? null : t("{ports} closed", { ports: portsText(portsClosed, t) }),
    portsOpen.length === 0 ? null : t("{ports} still open", { ports: portsText(portsOpen, t) }),
    live ? null : t("took {seconds} s", { seconds: (tookMs / 1_000).toFixed(1) }),
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

function countText(count: number, live: boolean, t: Translate): string {
  if (live) return count === 1 ? t("asked 1 process to end") : t("asked {count} processes to end", { count });
  return count === 1 ? t("ended 1 process") : t("ended {count} processes", { count });
}

const portsText = (ports: readonly number[], t: Translate): string =>
  ports.length === 1 ? t("port {port}", { port: ports[0] ?? 0 }) : t("ports {ports}", { ports: ports.join(" ") });
