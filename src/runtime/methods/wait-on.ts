import { statSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { request } from "../base/http-request.js";
import { PinokioError } from "../protocol/errors.js";

/** The options of the `wait-on` package that say what to wait for and how long. */
export const WaitOn = z.looseObject({
  resources: z
    .union([z.array(z.string()), z.string()])
    .describe("file:…, http://…, https://…, http-get://…, https-get://…, tcp:port, tcp:host:port or socket:…"),
  timeout: z.number().nullish().describe("Milliseconds after which it is an error; without end by default"),
  interval: z.number().nullish().describe("Milliseconds between two looks, 250 by default"),
  delay: z.number().nullish().describe("Milliseconds before the first look"),
  window: z.number().nullish().describe("Milliseconds for which a file must not grow, 750 by default"),
  reverse: z.boolean().nullish().describe("Waits until they are gone"),
  tcpTimeout: z.number().nullish().describe("Milliseconds a connection may take, 300 by default"),
  httpTimeout: z.number().nullish().describe("Milliseconds an answer may take"),
});
export type WaitOn = z.output<typeof WaitOn>;

interface World {
  signal: AbortSignal;
  mayAskLinkLocal: boolean;
  resolvePath(path: string): string;
}

/** Resolves when everything named is there, or gone. */
export async function waitOn(options: WaitOn, world: World): Promise<void> {
  const names = [options.resources].flat();
  const checks = names.map((name) => ({ name, check: checkFor(name, options, world) }));
  const until = options.timeout ? performance.now() + options.timeout : Number.POSITIVE_INFINITY;
  if (options.delay) await delay(options.delay, undefined, { signal: world.signal });
  for (;;) {
    const found = await Promise.all(checks.map(async ({ name, check }) => ((await check()) ? null : name)));
    const wanting = found.filter((name) => name !== null);
    if (options.reverse ? wanting.length === names.length : wanting.length === 0) return;
    if (performance.now() >= until) {
      const what = options.reverse ? names.filter((name) => !wanting.includes(name)) : wanting;
      const still = options.reverse ? "still there" : "not there";
      throw new PinokioError("timeout", `${what.join(", ")}: ${still} after ${options.timeout ?? 0} ms`);
    }
    await delay(Math.min(options.interval ?? 250, Math.max(1, until - performance.now())), undefined, {
      signal: world.signal,
    });
  }
}

function checkFor(name: string, options: WaitOn, world: World): () => Promise<boolean> {
  const { resolvePath } = world;
  const [, kind = "file", rest = name] = /^(file|tcp|socket|https?|https?-get):(.*)$/s.exec(name) ?? [];
  if (kind === "tcp") {
    const [, host = "localhost", port = ""] = /^(?:\/\/)?(?:(.*):)?(\d+)$/.exec(rest) ?? [];
    if (port === "") throw new PinokioError("script-invalid", `"${name}" names no port`);
    return () => connects({ host, port: Number(port) }, options.tcpTimeout ?? 300);
  }
  if (kind === "socket") return () => connects({ path: resolvePath(rest) }, options.tcpTimeout ?? 300);
  if (kind === "file") return fileIsThere(resolvePath(rest), options.window ?? 750);
  const [scheme = "http", get] = kind.split("-");
  return () => answers(`${scheme}:${rest}`, get === undefined ? "HEAD" : "GET", options.httpTimeout ?? 60_000, world);
}

/** A file counts once it has stopped growing. */
function fileIsThere(path: string, windowMs: number): () => Promise<boolean> {
  let seen: { size: number; since: number } | null = null;
  return () => {
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) seen = null;
    else if (seen?.size !== size) seen = { size, since: performance.now() };
    return Promise.resolve(seen !== null && performance.now() - seen.since >= windowMs);
  };
}

function connects(where: { host: string; port: number } | { path: string }, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(where);
    const end = (connected: boolean): void => {
      socket.destroy();
      resolve(connected);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.on("connect", () => end(true));
    socket.on("error", () => end(false));
  });
}

/** Whether a server answers, and agrees. */
export async function answers(
  url: string,
  method: "GET" | "HEAD",
  timeoutMs: number,
  { signal, mayAskLinkLocal }: Pick<World, "signal" | "mayAskLinkLocal">,
): Promise<boolean> {
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const response = await request(url, { method, signal: limited, mayAskLinkLocal });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PinokioError && error.code === "script-invalid") throw error;
    return false;
  }
}
