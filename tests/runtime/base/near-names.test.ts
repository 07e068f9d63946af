import { expect, test } from "@jest/globals";
import { nearNames } from "../../../src/runtime/base/near-names.js";

test("slips of the finger lead to what was meant, the nearest first, and to nothing else", () => {
  const names = ["PORT", "SPORT", "HF_HOME", "server.port"];
  expect(nearNames("PROT", names)).toEqual(["PORT"]);
  expect(nearNames("port", names)).toEqual(["PORT", "SPORT"]);
  expect(nearNames("HFHOME", names)).toEqual(["HF_HOME"]);
  expect(nearNames("server.prot", names)).toEqual(["server.port"]);
  expect(nearNames("elephant", names)).toEqual([]);
});
