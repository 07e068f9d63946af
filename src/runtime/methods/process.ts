import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { refuseSecretAddress } from "../base/refuse-address.js";
import { PinokioError } from "../protocol/errors.js";
import { defineMethod, type MethodContext } from "./method.js";
import { answers, WaitOn, waitOn } from "./wait-on.js";

const Amount = z.coerce.number().nonnegative().nullish();

const WaitParams = z
  .looseObject({
    app: z.unknown().optional().describe("A program of the desktop; there is none here"),
    id: z.unknown().optional().describe("The same as app"),
    name: z.unknown().optional().describe("The same as app"),
    sec: Amount.describe("Seconds"),
    min: Amount.describe("Minutes"),
    uri: z.string().nullish().describe("Waits until this address answers"),
    url: z.string().nullish().describe("The same as uri"),
    interval: Amount.describe("Seconds between two questions to the address, 1 by default"),
    on: WaitOn.nullish().describe("Waits until files, ports or addresses are there"),
    title: z.string().nullish().describe("What the person reads meanwhile"),
    description: z.string().nullish(),
    message: z.unknown().optional(),
    menu: z.unknown().optional(),
  })
  .nullish()
  .transform((params) => params ?? {});
type WaitParams = z.output<typeof WaitParams>;

/** Waiting. */
export const process = {
  wait: defineMethod({
    summary: "Wait for a time, an address, a file or a port; without parameters until the run is stopped",
    params: WaitParams,
    run: async (params, context) => {
      if (params.app ?? params.id ?? params.name) {
        throw new PinokioError("tool-missing", "process.wait cannot wait for a desktop app: there is no desktop here", {
          hint: 'Wait for an address with "url", or for a port with "on"',
        });
      }
      const { title, description, message, menu } = params;
      const isTold = Boolean(title ?? description ?? message);
      if (isTold) context.tell("process.wait.start", { title, description, message, menu });
      try {
        await waiting(params, context);
      } finally {
        if (isTold) context.tell("process.wait.end", {});
      }
      return undefined;
    },
  }),
};

async function waiting({ sec, min, uri, url, interval, on }: WaitParams, context: MethodContext): Promise<void> {
  const { signal } = context;
  if (isGiven(sec)) return delay(sec * 1000, undefined, { signal });
  if (isGiven(min)) return delay(min * 60_000, undefined, { signal });
  const address = uri || url;
  if (address) {
    if (!context.mayAskLinkLocal) await refuseSecretAddress(address);
    const everyMs = Math.max(0.05, interval ?? 1) * 1000;
    while (!(await answers(address, "GET", everyMs, context))) await delay(everyMs, undefined, { signal });
    return;
  }
  if (on) return waitOn(on, context);
  context.note("Waiting\r\n");
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

const isGiven = (value: number | null | undefined): value is number => value !== undefined && value !== null;
