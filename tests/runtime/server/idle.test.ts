import { expect, test } from "@jest/globals";
import { watchIdle } from "../../../src/runtime/server/idle.js";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("ends once nobody has used it for long enough, and not before", async () => {
  let now = 0;
  let busy = true;
  let ended = 0;
  const idle = watchIdle({
    minutes: () => 1,
    isBusy: () => busy,
    onIdle: () => ended++,
    now: () => now,
    checkEveryMs: () => 1,
  });
  now = 600_000;
  await wait(250);
  expect(ended).toBe(0);
  busy = false;
  now = 630_000;
  await wait(250);
  expect(ended).toBe(0);
  now = 661_000;
  await wait(250);
  expect(ended).toBeGreaterThan(0);
  idle.close();
});

test("0 minutes means never, until they are others", async () => {
  let ended = 0;
  let minutes = 0;
  let now = 0;
  const idle = watchIdle({
    minutes: () => minutes,
    isBusy: () => false,
    onIdle: () => ended++,
    now: () => now,
    checkEveryMs: () => 1,
  });
  now = 1e12;
  await wait(250);
  expect(ended).toBe(0);
  minutes = 1;
  await wait(250);
  expect(ended).toBe(0); // it counts from when it could have been idle
  now += 61_000;
  await wait(250);
  expect(ended).toBeGreaterThan(0);
  idle.close();
});
