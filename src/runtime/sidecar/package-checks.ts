import { arch, platform } from "node:os";
import { graphicsLater } from "../base/graphics.js";
import type { FitHistory } from "../protocol/packages.js";
import { reportOf } from "../check/verdict.js";
import type { App } from "../protocol/apps.js";
import { CheckMachine, FINDING_LEVELS, type CheckReport } from "../protocol/check.js";
import type { AppId } from "../protocol/ids.js";
import { type AppChecks, createAppChecks } from "../supervisor/app-checks.js";

/** What `check` says of apps that are here, once somebody has wanted to know more of one. */
export class PackageChecks {
  readonly #home: string;
  readonly #checks: AppChecks;
  readonly #known = new Map<AppId, { stamp: string; check: NonNullable<FitHistory["check"]> }>();

  constructor({ home, node, bundle }: { home: string; node: string; bundle: string }) {
    this.#home = home;
    this.#checks = createAppChecks({ node, bundle });
  }

  of(app: App): FitHistory["check"] {
    const known = this.#known.get(app.id);
    return known?.stamp === stampOf(app) ? known.check : undefined;
  }

  /** Goes through its scripts, unless that was done since it was installed. Resolves whether there is something new. */
  async look(app: App): Promise<boolean> {
    if (this.of(app) !== undefined) return false;
    const machine = await this.#machine();
    const report = reportOf(app.id, machine, await this.#checks.check(app.path, machine));
    this.#known.set(app.id, { stamp: stampOf(app), check: { verdict: report.verdict, why: gravest(report) } });
    return true;
  }

  close(): void {
    this.#checks.close();
  }

  async #machine(): Promise<CheckMachine> {
    const { gpu, gpu_model: model, vram } = await graphicsLater(this.#home);
    const { platform: platforms, gpu: makers } = CheckMachine.shape;
    return {
      platform: platforms.safeParse(platform()).data ?? "linux",
      arch: arch(),
      gpu: makers.safeParse(gpu).data ?? "none",
      gpuModel: model ?? null,
      vram: vram === 0 ? null : vram,
    };
  }
}

/** An app that was installed or updated since is another one. */
const stampOf = ({ installedAt, state, update }: App): string => `${installedAt} ${state} ${update?.foundAt ?? ""}`;

function gravest({ findings, scripts }: CheckReport): string | null {
  const all = [...findings, ...scripts.flatMap((script) => script.findings)];
  const [first] = all.sort((one, other) => FINDING_LEVELS.indexOf(one.level) - FINDING_LEVELS.indexOf(other.level));
  return first === undefined || first.level === "info" ? null : first.message;
}
