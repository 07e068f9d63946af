import { PinokioError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import type { Screen } from "../protocol/terminal.js";
import type { SidecarClient } from "./sidecar-client.js";

/** A terminal that shows a run. */
export interface ScreenListener {
  /** How it looks now: what it has shown so far is to be forgotten. Comes again when too much was missed. */
  onScreen(screen: Screen): void;
  /** What is printed next. More is sent once the promise settles. */
  onBytes(bytes: Uint8Array): void | Promise<void>;
  /** The run is over and everything was delivered. */
  onEnd?(): void;
  onError?(error: unknown): void;
}

export interface ScreenOptions {
  /** Lines that have left the screen and can be scrolled to. */
  scrollback: number;
  windowBytes?: number;
  now(): number;
}

export interface ScreenStream {
  /** Asks for the whole screen again: for a terminal that has become larger or smaller. */
  redraw(): void;
  close(): void;
}

/** A terminal that is so far behind is shown how things are, instead of all that happened until then. */
const MOST_BEHIND = 4 * 1024 * 1024;
/** However much is printed, the screen is not drawn anew more often. */
const REDRAW_EVERY_MS = 2_000;

/** Follows a run's output as a terminal does: from the screen as it is, over reconnections, until it is closed. */
export function openScreen(
  client: SidecarClient,
  runId: RunId,
  listener: ScreenListener,
  { scrollback, windowBytes, now }: ScreenOptions,
): ScreenStream {
  let round = 0;
  let output: { close(): void } | null = null;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isWaiting = false;

  const printed = (): number => client.state?.runs.find(({ id }) => id === runId)?.outputBytes ?? 0;

  const follow = (offset: number, mine: number): void => {
    const skipWhenBehind = (at: number, size: number): void => {
      if (size - at > MOST_BEHIND && now() - drawnAt > REDRAW_EVERY_MS) void attach();
    };
    output = client.openOutput(
      runId,
      {
        onBytes: async (bytes, at) => {
          if (mine !== round) return;
          await listener.onBytes(bytes);
          if (mine === round) skipWhenBehind(at + bytes.length, printed());
        },
        onGap: () => {
          if (mine === round) void attach();
        },
        onOpened: (at, size) => {
          if (mine === round) skipWhenBehind(at, size);
        },
        onEnd: () => {
          if (mine === round) listener.onEnd?.();
        },
        onError: (error) => listener.onError?.(error),
      },
      { offset, ...(windowBytes === undefined ? {} : { windowBytes }) },
    );
  };

  const attach = async (): Promise<void> => {
    const mine = ++round;
    output?.close();
    output = null;
    drawnAt = now();
    try {
      const screen = await client.request("output.screen", { runId, scrollback });
      if (mine !== round) return;
      listener.onScreen(screen);
      follow(screen.offset, mine);
    } catch (error) {
      if (mine !== round) return;
      isWaiting = error instanceof PinokioError && error.code === "not-connected";
      if (!isWaiting) listener.onError?.(error);
    }
  };

  const stopWaiting = client.subscribe(() => {
    if (!isWaiting || client.connection.kind !== "connected") return;
    isWaiting = false;
    void attach();
  });
  void attach();

  return {
    redraw: () => void attach(),
    close: () => {
      round++;
      stopWaiting();
      output?.close();
    },
  };
}
