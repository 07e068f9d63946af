import type { MenuItem } from "../protocol/apps.js";
import type { CheckFinding } from "../protocol/check.js";
import type { KernelFacts } from "../script/kernel.js";
import type { Script, Step } from "../script/script.js";

/** How things stand when a menu is wanted. */
export interface MenuState {
  /** Every file that the launcher asks for is there. */
  isInstalled: boolean;
  /** The one script that runs, or null. */
  running: string | null;
}

/** Everything a check learns about an app's files. Paths are relative to the app's folder; what cannot be loaded throws. */
export interface AppLoader {
  /** The app's folder. */
  readonly folder: string;
  /** "" or "pinokio". */
  readonly launcherRoot: string;
  readonly facts: KernelFacts;
  launcher(): Promise<LoadedLauncher>;
  menu(state: MenuState): Promise<readonly MenuItem[]>;
  /** Files beside the launcher that may be scripts. */
  scriptFiles(): readonly string[];
  exists(path: string): boolean;
  text(path: string): string;
  script(path: string): Promise<Script>;
  /** A list that is a function is called. */
  steps(script: Script, action: string): Promise<(Step | null)[]>;
  /** Throws unless the module has a function of that name. */
  requireFunction(path: string, name: string): Promise<void>;
  /** Told before the steps of a script are walked: its templates are code as well. */
  aboutToWalk(path: string): void;
  /** What was noticed while code ran. */
  readonly noticed: readonly CheckFinding[];
}

export interface LoadedLauncher {
  title: string;
  description: string;
  value: Record<string, unknown>;
  problem: Error | null;
}
