import { expect, test } from "@jest/globals";
import { FIRST_REQUESTS } from "../../../src/runtime/protocol/first-requests.js";
import { REQUESTS, type RequestName } from "../../../src/runtime/protocol/requests.js";
import { paramsText, schemaOfParams } from "../../../src/runtime/server/params-schema.js";

const FIRST = Object.keys(FIRST_REQUESTS) as (keyof typeof FIRST_REQUESTS)[];

test("what a sidecar is asked first needs no other schemas; the rest are made once and then there at once", async () => {
  for (const name of FIRST) expect(schemaOfParams(name)).not.toBeInstanceOf(Promise);
  const [menu, list] = [schemaOfParams("apps.menu"), schemaOfParams("runs.list")];
  expect(menu).toBeInstanceOf(Promise);
  expect(await menu).toBe(REQUESTS["apps.menu"].params);
  expect(await list).toBe(REQUESTS["runs.list"].params);
  for (const name of Object.keys(REQUESTS) as RequestName[]) expect(schemaOfParams(name)).toBe(REQUESTS[name].params);
});

test.each<[RequestName, unknown, string]>([
  ["catalog.search", { text: "x".repeat(5_000) }, "What is given as text is too long: at most 500 letters"],
  ["catalog.info", { id: "" }, "What is given as id is too short or empty"],
  ["catalog.search", { text: 1 }, "catalog.search: text Invalid input: expected string, received number"],
])("parameters of %s that do not fit are told of in a sentence", (name, params, text) => {
  const issue = REQUESTS[name].params.safeParse(params).error?.issues[0];
  expect(paramsText(name, issue!)).toBe(text);
});
