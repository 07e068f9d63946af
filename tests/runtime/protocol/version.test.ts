import { expect, test } from "@jest/globals";
import { agreeOnProtocol, type ProtocolRange } from "../../../src/runtime/protocol/version.js";

test.each<[ProtocolRange, ProtocolRange, number | null]>([
  [[1, 1], [1, 1], 1],
  [[1, 3], [2, 5], 3],
  [[2, 2], [1, 1], null],
  [[1, 1], [2, 4], null],
])("%j and %j agree on %j", (ours, theirs, agreed) => {
  expect(agreeOnProtocol(ours, theirs)).toBe(agreed);
});
