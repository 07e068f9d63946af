import type { Host, LauncherAnswer, LauncherRequest } from "./launcher-host-process.js";

export interface WarmHostsOptions {
  start(): Host;
  /** How long an app's launcher may take. */
  timeoutMs: number;
  /** A host ends when nobody has asked it for this long. */
  idleMs: number;
}

/** An app that takes longer than this keeps its host to itself; the others get a second one. */
const SLOW_MS = 200;

/** The second host is needed rarely, and not kept long. */
const SECOND_IDLE_MS = 10_000;

interface Lane {
  readonly idleMs: number;
  host: Host | null;
  /** The app whose launcher is being evaluated. */
  app: string | null;
  isSlow: boolean;
  idle: NodeJS.Timeout | undefined;
}

interface Job {
  request: LauncherRequest;
  resolve(answer: LauncherAnswer): void;
  reject(error: unknown): void;
}

/**
 * Hosts that stay for the next question: one, and a second while an app takes up the first. The same app is never
 * asked twice at once, so that one that hangs leaves a host to the others.
 */
export function warmHosts({ start, timeoutMs, idleMs }: WarmHostsOptions) {
  const first = lane(idleMs);
  const second = lane(Math.min(idleMs, SECOND_IDLE_MS));
  let waiting: Job[] = [];

  const next = (): void => {
    const free = first.app === null ? first : first.isSlow && second.app === null ? second : null;
    const job = waiting.find(({ request }) => request.appDir !== first.app && request.appDir !== second.app);
    if (free === null || job === undefined) return;
    waiting = waiting.filter((other) => other !== job);
    void work(free, job);
  };

  const work = async (at: Lane, { request, resolve, reject }: Job): Promise<void> => {
    clearTimeout(at.idle);
    at.app = request.appDir;
    let slowTimer: NodeJS.Timeout | undefined;
    try {
      const host = at.host?.isAlive === true ? at.host : start();
      at.host = host;
      await host.started;
      slowTimer = setTimeout(() => {
        at.isSlow = true;
        next();
      }, SLOW_MS);
      resolve(await host.ask(request, timeoutMs));
    } catch (error) {
      reject(error);
    } finally {
      clearTimeout(slowTimer);
      at.app = null;
      at.isSlow = false;
      at.idle = setTimeout(() => at.host?.end(), at.idleMs).unref();
      next();
    }
  };

  return (request: LauncherRequest): Promise<LauncherAnswer> =>
    new Promise((resolve, reject) => {
      waiting.push({ request, resolve, reject });
      next();
    });
}

const lane = (idleMs: number): Lane => ({ idleMs, host: null, app: null, isSlow: false, idle: undefined });
