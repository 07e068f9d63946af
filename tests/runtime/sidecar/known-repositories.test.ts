import { expect, test } from "@jest/globals";
import { lookForUpdate } from "../../../src/runtime/library/changes/look.js";
import { asKnown } from "../../../src/runtime/sidecar/known-repositories.js";
import { git, homeWithClone } from "../../helpers/cloned-app.js";

test("in a home that may only be looked at, what is new is what was known at the last look", async () => {
  using w = await homeWithClone();
  w.commit({ "new.txt": "new" }, "two");
  const { signal } = new AbortController();
  const look = () => lookForUpdate(w.id, { ...w.world, repositories: asKnown(w.repositories) }, signal);
  expect((await look()).isAvailable).toBe(false);
  await w.look();
  w.commit({ "newer.txt": "newer" }, "three");
  const known = await look();
  expect(known).toMatchObject({ isAvailable: true, parts: [{ count: 1, files: ["new.txt"] }] });
  git(w.app, "update-ref", "-d", "refs/remotes/origin/main");
  expect((await look()).refused).toMatch(/cannot be asked from here: this home can only be looked at/);
}, 30_000);
