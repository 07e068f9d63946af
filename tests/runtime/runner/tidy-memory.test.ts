import { expect, test } from "@jest/globals";
import { tidyWhenWaiting } from "../../../src/runtime/runner/tidy-memory.js";
import { until } from "../../helpers/command-line.js";

test("tidies up once a step waits, and not again so soon", async () => {
  let collected = 0;
  const step = tidyWhenWaiting({ collect: () => void collected++, quietMs: 50, betweenMs: 60_000 });
  for (let count = 0; count < 100; count++) step();
  expect(collected).toBe(0);
  await until(
    () => collected,
    (count) => count === 1,
  );
  step();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(collected).toBe(1);
});
