import headless from "@xterm/headless";
import { openScreen } from "../../src/runtime/client/screen-stream.js";
import type { SidecarClient } from "../../src/runtime/client/sidecar-client.js";
import type { RunId } from "../../src/runtime/protocol/ids.js";
import { until } from "./command-line.js";

/** A terminal that shows a run, as a view's does. */
export interface AttachedTerminal extends Disposable {
  /** What is on the screen, line by line. */
  screen(): string[];
  /** Waits until the screen reads so; throws with what it shows when it never does. */
  shows(wanted: string | RegExp): Promise<string[]>;
  /** How often it was given a whole screen, and how many bytes after those. */
  readonly screens: number;
  readonly bytes: number;
}

export function attachTerminal(client: SidecarClient, runId: RunId): AttachedTerminal {
  const terminal = new headless.Terminal({ cols: 80, rows: 24, scrollback: 100, allowProposedApi: true });
  let screens = 0;
  let bytes = 0;
  let failure: unknown = null;
  const output = openScreen(
    client,
    runId,
    {
      onScreen: ({ columns, rows, text }) => {
        screens++;
        terminal.reset();
        terminal.resize(columns, rows);
        terminal.write(text);
      },
      onBytes: (added) => {
        bytes += added.length;
        return new Promise((resolve) => terminal.write(added, resolve));
      },
      onError: (error) => (failure = error),
    },
    { scrollback: 100, now: () => performance.now() },
  );
  const stopFollowing = client.subscribe(() => {
    const size = client.state?.runs.find(({ id }) => id === runId)?.terminal;
    if (size === undefined || screens === 0) return;
    if (size.columns === terminal.cols && size.rows === terminal.rows) return;
    terminal.resize(size.columns, size.rows);
    output.redraw();
  });
  const screen = (): string[] => {
    if (failure !== null) throw failure as Error;
    const { active } = terminal.buffer;
    return Array.from(
      { length: terminal.rows },
      (_, row) =>
        active
          .getLine(active.baseY + row)
          ?.translateToString(true, 0, terminal.cols)
          .trimEnd() ?? "",
    );
  };
  return {
    screen,
    shows: (wanted) =>
      until(screen, (lines) =>
        typeof wanted === "string" ? lines.join("\n").includes(wanted) : wanted.test(lines.join("\n")),
      ),
    get screens() {
      return screens;
    },
    get bytes() {
      return bytes;
    },
    [Symbol.dispose]: () => {
      output.close();
      stopFollowing();
      terminal.dispose();
    },
  };
}
