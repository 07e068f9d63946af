import { expect, test } from "@jest/globals";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import { createTellLimit } from "../../../src/runtime/server/tell-limit.js";

const [one, other] = ["run_000000000001", "run_000000000002"].map((id) => RunId.parse(id));

test("a run that tells without end is heard a little every second, and keeps nobody else from being heard", () => {
  let now = 0;
  const isHeard = createTellLimit(() => now);
  const heard = Array.from({ length: 1_000 }, () => isHeard(one!)).filter(Boolean);
  expect(heard).toHaveLength(20);
  expect(isHeard(other!)).toBe(true);
  now = 1_000;
  expect(isHeard(one!)).toBe(true);
});
