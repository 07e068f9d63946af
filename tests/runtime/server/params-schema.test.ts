import { expect, test } from "@jest/globals";
import { FIRST_REQUESTS } from "../../../src/runtime/protocol/first-requests.js";
import { REQUESTS, type RequestName } from "../../../src/runtime/protocol/requests.js";
import { schemaOfParams } from "../../../src/runtime/server/params-schema.js";

const FIRST = Object.keys(FIRST_REQUESTS) as (keyof typeof FIRST_REQUESTS)[];

test("what a sidecar is asked first needs no other schemas; the rest are made once and then there at once", async () => {
  for (const name of FIRST) expect(schemaOfParams(name)).not.toBeInstanceOf(Promise);
  const [menu, list] = [schemaOfParams("apps.menu"), schemaOfParams("runs.list")];
  expect(menu).toBeInstanceOf(Promise);
  expect(await menu).toBe(REQUESTS["apps.menu"].params);
  expect(await list).toBe(REQUESTS["runs.list"].params);
  for (const name of Object.keys(REQUESTS) as RequestName[]) expect(schemaOfParams(name)).toBe(REQUESTS[name].params);
});
