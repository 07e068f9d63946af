import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { type AppViews, createAppViews } from "../../../src/runtime/library/app-views.js";
import { App } from "../../../src/runtime/protocol/apps.js";
import { appIdOf } from "../../../src/runtime/protocol/ids.js";
import { until } from "../../helpers/command-line.js";

const ID = appIdOf("alpha");
/** Longer than a look is put off. */
const A_WHILE_MS = 250;

let views: AppViews | null = null;
afterEach(() => views?.close());

/** One app whose title changes, and what was asked and told of it. */
function oneApp() {
  const now = { title: "Alpha" };
  const asked: string[] = [];
  const told: string[] = [];
  const app = () =>
    App.parse({
      ...{ id: ID, title: now.title, description: "", icon: null, state: "installed", source: "x", path: "/x" },
      ...{ installers: [], menu: [], problem: null, runs: [], url: null, installedAt: null },
    });
  views = createAppViews({
    list: () => Promise.resolve([app()]),
    get: (id) => {
      asked.push(id);
      return Promise.resolve(app());
    },
    lookedAt: () => performance.now(),
    onChanged: ({ title }) => told.push(title),
    onRemoved: (id) => told.push(`${id} is gone`),
  });
  return { now, asked, told, views };
}

test("nobody's look at an app costs nothing: it is looked at once somebody has been told of it", async () => {
  const { now, asked, told, views } = oneApp();
  views.refreshSoon(ID);
  await delay(A_WHILE_MS);
  expect({ asked, told, known: views.told() }).toEqual({ asked: [], told: [], known: [] });

  await views.all();
  now.title = "Alpha 2";
  for (let times = 0; times < 5; times++) views.refreshSoon(ID);
  await until(
    () => told,
    (titles) => titles.includes("Alpha 2"),
  );
  expect({ asked, told }).toEqual({ asked: [ID], told: ["Alpha", "Alpha 2"] });
});
