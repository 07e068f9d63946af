// What a page's scripts take of each frame, read from the browser's own trace.
const FRAME_US = 1e6 / 60;
const SCRIPTS = new Set([
  "FunctionCall",
  "EvaluateScript",
  "RunMicrotasks",
  "EventDispatch",
  "TimerFire",
  "FireAnimationFrame",
  "v8.callFunction",
]);

/** Milliseconds of the processor's time that scripts took in each frame that had any, sorted. */
export function scriptingPerFrame(trace) {
  const { traceEvents } = JSON.parse(trace);
  const main = traceEvents.find(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  const spans = traceEvents
    .filter(({ pid, tid, ph, name }) => pid === main.pid && tid === main.tid && ph === "X" && SCRIPTS.has(name))
    .map(({ ts, dur = 0, tdur = dur }) => ({ from: ts, to: ts + dur, workedUs: tdur }))
    .sort((a, b) => a.from - b.from || b.to - a.to);
  const frames = new Map();
  let covered = 0;
  for (const { from, to, workedUs } of spans) {
    if (to <= covered) continue; // within another, which counts it
    covered = to;
    const frame = Math.floor(from / FRAME_US);
    frames.set(frame, (frames.get(frame) ?? 0) + workedUs / 1_000);
  }
  return [...frames.values()].sort((a, b) => a - b);
}

export async function traced(browser, page, work) {
  await browser.startTracing(page, { categories: ["devtools.timeline", "__metadata"] });
  await work();
  return (await browser.stopTracing()).toString();
}
