import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { createNotices } from "../../../src/runtime/server/notices.js";
import { writeWhenRoom } from "../../../src/runtime/sidecar/write-waiting.js";

test("what waits is written as soon as it can be, and told once, for as long as it waits", async () => {
  let tries = 0;
  const file = "/home/library/installed.json";
  const notices = createNotices(() => undefined);
  const told = () => notices.list().map(({ message }) => message);
  const waiting = writeWhenRoom({ file, write: () => ++tries === 3, notices, everyMs: 5 });
  waiting.begin();
  waiting.begin();
  expect(told()).toEqual([`There is no space left to write ${file}`]);
  while (tries < 3) await delay(5);
  await delay(50);
  expect([tries, told()]).toEqual([3, []]);
  waiting.begin();
  expect(told()).toHaveLength(1);
  waiting.close();
  expect(told()).toEqual([]);
});
