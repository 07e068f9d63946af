import { expect, test } from "@jest/globals";
import { InstalledPackages } from "../../../src/runtime/catalog/installed-packages.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { samplePackage } from "../../helpers/samples.js";

const REPOSITORY = "https://example.org/somebody/alpha";
const app = AppId.parse("alpha");
const known = { favorite: false, lastUsedAt: null, history: {} };
const alpha = { ...known, app, packageId: null, source: REPOSITORY, repository: REPOSITORY };

test("a model from the repository of an installed app is not that app", () => {
  const installed = new InstalledPackages([alpha]);
  const from = { install: `${REPOSITORY}.git`, repository: REPOSITORY };
  expect(installed.of(samplePackage({ id: "m1", type: "model", ...from }))).toBeNull();
  expect(installed.of(samplePackage({ id: "a1", type: "app", ...from }))).toBe(alpha);
});
