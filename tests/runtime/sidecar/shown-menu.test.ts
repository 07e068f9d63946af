import { expect, test } from "@jest/globals";
import { shownMenu } from "../../../src/runtime/sidecar/shown-menu.js";

const LONG = "correct-horse-battery-staple";
const STARS = "*".repeat(28);

test("no secret is read in a menu, and a script is started with what the launcher says", () => {
  const launcher = {
    title: `App of ${LONG}`,
    description: LONG,
    iconFile: null,
    launcherRoot: "" as const,
    menu: [
      { text: `Open ${LONG}`, href: `http://127.0.0.1:7860/?k=${LONG}`, confirm: LONG },
      { menu: [{ text: LONG, href: `start.json?k=${LONG}`, params: { key: LONG } }] },
    ],
  };
  expect(shownMenu(launcher, [Buffer.from(LONG)])).toEqual({
    ...launcher,
    title: `App of ${STARS}`,
    description: STARS,
    menu: [
      { text: `Open ${STARS}`, href: `http://127.0.0.1:7860/?k=${STARS}`, confirm: STARS },
      { menu: [{ text: STARS, href: `start.json?k=${LONG}`, params: { key: LONG } }] },
    ],
  });
});
