import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import { RunId } from "../protocol/ids.js";

/** By queue: who is in it, in order. The first one's turn has come. */
const Journal = z.record(z.string(), z.array(z.object({ run: RunId, turn: z.string() })));

interface Waiting {
  run: RunId;
  turn: string;
  /** Called when it has come; one that was asked for twice is told twice. */
  begin: (() => void)[];
}

/** Scripts that wait for one another: one at a time in each queue, in the order in which they came. */
export interface Turns {
  /** Resolves when the turn, named by the caller, has come. */
  enter(run: RunId, queue: string, turn: string): Promise<void>;
  leave(queue: string, turn: string): void;
  release(run: RunId): void;
  /** Takes up what the last sidecar left; what runs that are gone held is free. */
  recall(isLive: (run: RunId) => boolean): void;
}

/**
 * The order is written down before anybody is told, so that after the loss of the sidecar whoever has the turn keeps
 * it: runs ask again for turns that have not come, but never for those that have.
 */
export function createTurns(journal: string, onProblem: (error: unknown) => void): Turns {
  const queues = new Map<string, Waiting[]>();

  const write = (): void => {
    try {
      const named = [...queues].map(([name, queue]) => [name, queue.map(({ run, turn }) => ({ run, turn }))] as const);
      writeJsonAtomic(journal, Object.fromEntries(named), 0o600);
    } catch (error) {
      onProblem(error); // the turns hold as long as this sidecar does
    }
  };

  /** Takes turns out of a queue; when the first is gone, the next one's has come. */
  const without = (name: string, isGone: (turn: Waiting) => boolean): void => {
    const queue = queues.get(name) ?? [];
    const left = queue.filter((turn) => !isGone(turn));
    if (left.length === queue.length) return;
    if (left.length === 0) queues.delete(name);
    else queues.set(name, left);
    write();
    if (left[0] !== queue[0]) for (const begin of left[0]?.begin ?? []) begin();
  };

  return {
    enter: (run, name, turn) =>
      new Promise((resolve) => {
        const queue = queues.get(name) ?? [];
        queues.set(name, queue);
        let mine = queue.find((known) => known.turn === turn);
        if (mine === undefined) {
          queue.push((mine = { run, turn, begin: [] }));
          write();
        }
        if (queue[0] === mine) resolve();
        else mine.begin.push(resolve);
      }),
    leave: (name, turn) => without(name, (known) => known.turn === turn),
    release: (run) => {
      for (const name of [...queues.keys()]) without(name, (known) => known.run === run);
    },
    recall: (isLive) => {
      const found = readState(journal, Journal);
      if (found.kind === "set-aside") onProblem(found.error);
      if (found.kind !== "read") return;
      for (const [name, queue] of Object.entries(found.value)) {
        const left = queue.filter(({ run }) => isLive(run));
        if (left.length > 0)
          queues.set(
            name,
            left.map((turn) => ({ ...turn, begin: [] })),
          );
      }
    },
  };
}
