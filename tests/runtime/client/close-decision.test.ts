import { expect, test } from "@jest/globals";
import { decideAfterClose } from "../../../src/runtime/client/close-decision.js";

test("a lost connection is tried again, later each time, never later than 15 s", () => {
  const waits = [0, 1, 2, 3, 20].map((attempt) => {
    const decision = decideAfterClose({ code: "not-connected", message: "gone" }, attempt);
    return decision.kind === "retry" ? decision.afterMs : decision.kind;
  });
  expect(waits).toEqual([250, 500, 1000, 2000, 15_000]);
});

test.each(["not-authorised", "protocol-mismatch", "node-missing"] as const)("%s is not tried again", (code) => {
  expect(decideAfterClose({ code, message: "no", hint: "do this" }, 0)).toEqual({
    kind: "give-up",
    error: { code, message: "no", hint: "do this" },
  });
});
