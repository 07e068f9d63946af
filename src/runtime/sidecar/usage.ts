import { findProgram } from "../base/find-program.js";
import { GpuWatch } from "../resources/gpu-use.js";
import { ShortageWatch } from "../resources/shortages.js";
import { UsageMeter } from "../resources/usage.js";
import { diskOf } from "../storage/use.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";

/** How often it is measured when nobody looks, for the history and for what runs short. */
const BACKGROUND_EVERY_MS = 15_000;

/** What the machine and the runs use: measured when somebody asks, and now and then while something runs. */
export function watchUsage({ home, log }: OpenedHome, runs: Runs, news: News): { meter: UsageMeter; close(): void } {
  const gpu = new GpuWatch(findProgram("nvidia-smi", process.env["PATH"]));
  const meter = new UsageMeter({
    runs: () => runs.supervisor.processes(),
    disk: () => diskOf(home),
    gpu: () => gpu.use(),
  });
  const shortages = new ShortageWatch();
  const look = async (): Promise<void> => {
    if (runs.live.length === 0) return;
    for (const { message, hint } of shortages.look(await meter.usage({ isBrief: true }))) {
      log.write("warn", message);
      news.notices.add({ level: "warning", message, hint });
    }
  };
  const timer = setInterval(() => {
    void look().catch((error: unknown) => log.write("warn", "usage not measured", { error: String(error) }));
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
