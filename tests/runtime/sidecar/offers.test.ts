import { expect, test } from "@jest/globals";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { createNotices } from "../../../src/runtime/server/notices.js";
import { createOffers } from "../../../src/runtime/sidecar/offers.js";

test("of what an app may have back one line is said, as it is now", () => {
  const notices = createNotices(() => undefined);
  const offers = createOffers(notices);
  const [app, other] = [AppId.parse("app"), AppId.parse("other")];
  offers.say(app, "2 files");
  offers.say(other, "1 file");
  offers.say(app, "4 files");
  expect(notices.list().map(({ from, message }) => [from, message])).toEqual([
    ["other", "1 file"],
    ["app", "4 files"],
  ]);
  for (const id of [app, other, app]) offers.say(id, null);
  expect(notices.list()).toEqual([]);
});
