import type { ShellRequest } from "../methods/method.js";
import { renderValue } from "../script/template.js";
import type { OpenShell } from "./open-shell.js";
import { OutputWatcher, PAUSE_MS, readHandlers, type Verdict } from "./terminal-events.js";

/** For the patterns of a step. */
export function watcherFor({ on, interactive, onTrigger, onNotify }: ShellRequest): OutputWatcher {
  return new OutputWatcher(readHandlers(on), interactive, ({ trigger, notify }, event) => {
    if (trigger !== undefined) onTrigger?.(trigger, event);
    if (notify !== undefined) onNotify?.(renderValue(notify, { scope: { event }, isOwnText: () => false }));
  });
}

/** Resolves when the output decides about the step, or the command is over. */
export function watchShell(
  shell: OpenShell,
  watcher: OutputWatcher,
  endLeftovers: () => Promise<void>,
): Promise<Verdict | null> {
  return new Promise((resolve) => {
    let quiet: NodeJS.Timeout | null = null;
    const finish = (verdict: Verdict | null): void => {
      if (quiet !== null) clearTimeout(quiet);
      shell.onData = null;
      resolve(verdict);
    };
    const consider = (verdict: Verdict | null): boolean => {
      if (verdict === null) return false;
      finish(verdict);
      return true;
    };
    shell.onData = (bytes) => {
      if (quiet !== null) clearTimeout(quiet);
      quiet = null;
      if (consider(watcher.push(bytes)) || watcher.pending === null) return;
      quiet = setTimeout(() => consider(watcher.settle()), PAUSE_MS[watcher.pending]);
    };
    void shell.terminal.exited.then(async () => {
      if (shell.onData === null) return;
      await endLeftovers();
      if (shell.onData !== null) finish(watcher.end(shell.tail.screen()));
    });
  });
}
