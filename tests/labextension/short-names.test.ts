import { expect, test } from "@jest/globals";
import { shortName, withShortNames } from "../../src/labextension/short-names.js";

const LONG = "A name with costs of $& and more words than anybody would ever read in a tab or a notification";

test("a long name is cut, a usual one is not", () => {
  expect(shortName(LONG)).toBe("A name with costs of $& and more words than anybody would e…");
  expect(shortName("Hello Server")).toBe("Hello Server");
});

test("an error that names a thing at length still says what is wrong", () => {
  expect(withShortNames(`${LONG} names no script to start by default, and ${LONG} is it`, ["names", LONG])).toBe(
    `${shortName(LONG)} names no script to start by default, and ${shortName(LONG)} is it`,
  );
});
