import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createJobs } from "../../../src/runtime/library/jobs.js";
import { createStudio } from "../../../src/runtime/library/installing/studio.js";
import { InstalledApp } from "../../../src/runtime/library/installed-store.js";
import { appIdOf } from "../../../src/runtime/protocol/ids.js";
import { putFiles } from "../../helpers/changes-home.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("what an app for a while has put on the drive is named before and after, and what is known of it goes", async () => {
  using folder = temporaryFolder();
  const home = folder.path;
  const [api, drive, id] = [join(home, "api"), join(home, "drive"), appIdOf("stu")];
  putFiles(home, { "api/stu/pinokio.js": "1", "drive/drives/peers/d1/ckpt/m.bin": "model", "elsewhere/x.bin": "x" });
  mkdirSync(join(drive, "drives/peers/d1/empty"));
  symlinkSync("../../drive/drives/peers/d1/ckpt", join(api, "stu/models"));
  symlinkSync("../../drive/drives/peers/d1/empty", join(api, "stu/empty"));
  symlinkSync(join(home, "elsewhere"), join(api, "stu/elsewhere"));
  const jobs = createJobs();
  const forgotten: string[] = [];
  const studio = createStudio({
    ...{ home, api, drive, jobs },
    folderFor: () => join(home, "studio"),
    record: () =>
      InstalledApp.parse({ source: "x", state: "installed", agreed: null, installedAt: "t", studio: { since: null } }),
    stopRuns: () => Promise.resolve(),
    removeAll: () => Promise.resolve(10),
    forget: (app) => forgotten.push(app),
  });
  const place = "drive/drives/peers/d1/ckpt (1 file, 5 bytes)";
  expect((await studio.files(id)).stays).toEqual([expect.stringMatching(/^drive\/drives\/peers\/d1\/ckpt \(1 file, /)]);
  const { job } = await studio.end(id, []);
  const over = await jobs.done(job.id);
  expect(over.said).toEqual([expect.stringContaining(place.split(" (")[0] ?? "")]);
  expect(forgotten).toEqual(["stu"]);
});
