/** Nobody waits longer for a change of the minutes, or for the end. */
const MOST_BETWEEN_MS = 30_000;

/** Ends what nobody uses: calls back once `minutes` have gone by without a client and without a live run; 0 for never. */
export function watchIdle(options: {
  minutes(): number;
  isBusy(): boolean;
  onIdle(): void;
  now?: () => number;
  checkEveryMs?: () => number;
}): { close(): void } {
  const {
    minutes,
    isBusy,
    onIdle,
    now = () => performance.now(),
    checkEveryMs = () => (minutes() === 0 ? MOST_BETWEEN_MS : Math.min(MOST_BETWEEN_MS, minutes() * 20_000)),
  } = options;
  let idleSince = now();
  let timer: NodeJS.Timeout;
  const lookLater = (): void => {
    timer = setTimeout(look, Math.max(100, checkEveryMs())).unref();
  };
  const look = (): void => {
    const most = minutes();
    if (most === 0 || isBusy()) idleSince = now();
    else if (now() - idleSince >= most * 60_000) onIdle();
    lookLater();
  };
  lookLater();
  return { close: () => clearTimeout(timer) };
}
