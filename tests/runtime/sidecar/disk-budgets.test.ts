import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openLog } from "../../../src/runtime/base/log.js";
import { AppSettingsFile } from "../../../src/runtime/config/app-settings.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { DiskBudgets } from "../../../src/runtime/sidecar/disk-budgets.js";
import { createNews } from "../../../src/runtime/sidecar/news.js";
import type { OpenedHome } from "../../../src/runtime/sidecar/open-home.js";
import type { Runs } from "../../../src/runtime/sidecar/runs.js";
import { homePaths } from "../../../src/runtime/storage/paths.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const MB = 1024 ** 2;
const APP = AppId.parse("painter");

/** An app of 20 MB that may take 16 MB, which was told. */
async function overBudget() {
  const home = temporaryFolder();
  const paths = homePaths(home.path);
  const folder = join(paths.api, APP);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "model.bin"), Buffer.alloc(20 * MB, 1));
  const appSettings = new AppSettingsFile({ file: paths.settings, stopGraceMs: () => 0, onProblem: () => undefined });
  appSettings.change(APP, { disk: "16MB" });
  const log = openLog(join(home.path, "log"), { rotateAtBytes: () => 10 * MB });
  const news = createNews(log);
  const opened = { home: home.path, paths, log, appSettings } as Pick<
    OpenedHome,
    "home" | "paths" | "log" | "appSettings"
  >;
  const runs = { supervisor: { onRun: () => undefined }, live: [] };
  const budgets = new DiskBudgets(opened as OpenedHome, runs as unknown as Runs, news, {
    list: () => Promise.resolve({ environments: [] } as never),
  });
  await expect(budgets.check(APP)).rejects.toThrow(/may take 16 MB/);
  const told = (): string[] => news.notices.list().map(({ message }) => message);
  expect(told()).toEqual([expect.stringMatching(/painter takes 20 MB of the disk and may take 16 MB/)]);
  return { folder, appSettings, budgets, told, [Symbol.dispose]: () => home[Symbol.dispose]() };
}

test("that an app takes too much of the disk is not told any more once it is gone", async () => {
  using w = await overBudget();
  w.budgets.lookAgain();
  expect(w.told()).toHaveLength(1);
  rmSync(w.folder, { recursive: true });
  w.budgets.lookAgain();
  expect(w.told()).toEqual([]);
});

test("nor once it may take more, or takes less", async () => {
  using w = await overBudget();
  w.appSettings.change(APP, { disk: null });
  w.budgets.lookAgain();
  expect(w.told()).toEqual([]);
  w.appSettings.change(APP, { disk: "16MB" });
  await expect(w.budgets.check(APP)).rejects.toThrow(/may take 16 MB/);
  expect(w.told()).toHaveLength(1);
  writeFileSync(join(w.folder, "model.bin"), "");
  await w.budgets.check(APP);
  expect(w.told()).toEqual([]);
});
