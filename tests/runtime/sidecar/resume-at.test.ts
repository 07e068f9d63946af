import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { hashOfFile } from "../../../src/runtime/base/file-hash.js";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import type { ResumePoint } from "../../../src/runtime/protocol/resume.js";
import { resumeAt } from "../../../src/runtime/sidecar/resume-at.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const CHILD = RunId.parse("run_00000000000c");

test("a run is taken up with the script that it had started; neither may have changed", () => {
  using folder = temporaryFolder();
  const pointAt = (name: string, index: number, child: RunId | null): ResumePoint => {
    const file = join(folder.path, name);
    writeFileSync(file, name);
    return { file, hash: hashOfFile(file) ?? "", index, methods: [], input: null, local: {}, child };
  };
  const run = sampleRun();
  const points = new Map([
    [run.id, pointAt("install.json", 3, CHILD)],
    [CHILD, pointAt("torch.json", 1, null)],
  ]);
  const take = () => resumeAt(run, (id) => points.get(id) ?? null);
  expect(take()).toMatchObject({ index: 3, child: { index: 1, child: null } });

  writeFileSync(join(folder.path, "torch.json"), "other steps");
  expect(take).toThrow("torch.json has changed since it failed");
  rmSync(join(folder.path, "torch.json"));
  expect(take).toThrow("torch.json has changed since it failed");
  points.delete(CHILD); // it was killed, and kept nothing
  expect(take()).toMatchObject({ index: 3, child: null });
  points.clear();
  expect(take).toThrow(`Where ${run.script} failed was not kept`);
});
