import { collectMemory } from "../base/collect-memory.js";

const FIRST_LOOK_MS = 8_000;
const LOOK_EVERY_MS = 60_000;

/** Gives memory back to the system once nobody is connected any more; V8 alone keeps what starting and serving took. */
export function tidyWhenQuiet(isBusy: () => boolean): { close(): void } {
  let isTidy = false;
  const look = (): void => {
    if (isBusy()) isTidy = false;
    else if (!isTidy) {
      isTidy = true;
      collectMemory();
    }
  };
  const first = setTimeout(look, FIRST_LOOK_MS).unref();
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    close: () => {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}
