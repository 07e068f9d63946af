import { findProgram } from "../base/find-program.js";
import { GpuWatch } from "../resources/gpu-use.js";
import { UsageMeter } from "../resources/usage.js";
import { diskOf } from "../storage/use.js";
import type { Failures } from "./failures.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";
import { ShortageTeller } from "./shortages.js";

/** How often it is measured when nobody looks, for the history and for what runs short. */
const BACKGROUND_EVERY_MS = 15_000;

/** What the machine and the runs use: measured when somebody asks, and now and then while something works. */
interface UsageParts {
  runs: Runs;
  news: News;
  failures: Failures;
  apps(): readonly string[];
  /** Whether something beside runs uses the machine. */
  isAtWork(): boolean;
}

export function watchUsage(
  opened: OpenedHome,
  { runs, news, failures, apps, isAtWork }: UsageParts,
): { meter: UsageMeter; close(): void } {
  const { home, log, paths } = opened;
  const gpu = new GpuWatch(findProgram("nvidia-smi", process.env["PATH"]));
  const meter = new UsageMeter({
    runs: () => {
      const processes = runs.supervisor.processes();
      failures.noteProcesses(processes);
      return processes;
    },
    disk: () => diskOf(home),
    gpu: () => gpu.use(),
  });
  const shortages = new ShortageTeller({
    ...{ paths, apps },
    nameOf: (id) => runs.live.find((run) => run.id === id)?.script ?? id,
    usage: () => meter.usage({ isBrief: true }),
    leastDiskBytes: () => opened.settings.diskWarningBytes,
    tell: (message, hint) => {
      log.write("warn", message);
      news.notices.add({ level: "warning", message, hint });
    },
  });
  const timer = setInterval(() => {
    if (runs.live.length === 0 && !isAtWork()) return;
    void shortages.look().catch((error: unknown) => log.write("warn", "usage not measured", { error: String(error) }));
  }, BACKGROUND_EVERY_MS);
  timer.unref();
  return {
    meter,
    close: () => {
      clearInterval(timer);
      gpu.close();
    },
  };
}
