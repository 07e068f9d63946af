import type { Timers } from "../../src/runtime/client/transport.js";

/** A clock that moves only when told to. */
export function fakeTimers(): Timers & { advance(ms: number): Promise<void>; sleep(ms: number): void } {
  let now = 0;
  let nextId = 1;
  const waiting = new Map<number, { at: number; callback: () => void }>();
  const settle = async () => {
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  };
  return {
    now: () => now,
    setTimeout: (callback, ms) => {
      waiting.set(nextId, { at: now + ms, callback });
      return nextId++;
    },
    clearTimeout: (id) => void waiting.delete(id as number),
    /** Time passes and nothing is woken, as on a page that is hidden or a machine that sleeps. */
    sleep: (ms) => {
      now += ms;
    },
    advance: async (ms) => {
      const end = now + ms;
      await settle();
      for (;;) {
        const [due] = [...waiting].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at);
        if (due === undefined) break;
        const [id, { at, callback }] = due;
        waiting.delete(id);
        now = Math.max(now, at);
        callback();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}
