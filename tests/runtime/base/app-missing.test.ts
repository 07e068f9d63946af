import { expect, test } from "@jest/globals";
import { appMissing, withKnownApps } from "../../../src/runtime/base/app-missing.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";

const known = () => ({ here: ["privy", "beta9"], gone: ["alpha"] });

test.each([
  ["privi", "No app named privi is installed", "Near to it: privy"],
  ["PRIVY", "No app named PRIVY is installed", "Near to it: privy"],
  ["alhpa", "No app named alhpa is installed", "Near to it: alpha"],
  ["something", "No app named something is installed", "`pinokiocloud list` shows the installed apps"],
  ["alpha", "alpha was installed here, and its folder is gone", expect.stringContaining("library forget alpha")],
])("whoever names %s is told what is known of it", (name, message, hint) => {
  expect(withKnownApps(appMissing(name), known)).toMatchObject({ code: "app-missing", message, hint });
});

test("other errors stay as they are, and nothing near is named where nothing is", () => {
  const other = new PinokioError("app-missing", "No app was cloned from there", { hint: "Fetch it" });
  expect(withKnownApps(other, known)).toBe(other);
  expect(appMissing("privi", { here: [], gone: [] })).toMatchObject({ hint: "Install it first: nothing is installed" });
});
