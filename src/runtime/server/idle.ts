/** Ends what nobody uses: calls back once `minutes` have gone by without a client and without a live run. */
export function watchIdle(options: {
  minutes: number;
  isBusy(): boolean;
  onIdle(): void;
  now?: () => number;
  checkEveryMs?: number;
}): { close(): void } {
  const {
    minutes,
    isBusy,
    onIdle,
    now = () => performance.now(),
    checkEveryMs = Math.min(30_000, minutes * 20_000),
  } = options;
  if (minutes === 0) return { close: () => undefined };
  let idleSince = now();
  const timer = setInterval(
    () => {
      if (isBusy()) idleSince = now();
      else if (now() - idleSince >= minutes * 60_000) onIdle();
    },
    Math.max(100, checkEveryMs),
  );
  timer.unref();
  return { close: () => clearInterval(timer) };
}
