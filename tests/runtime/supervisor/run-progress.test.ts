import { appendFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { RunProgress } from "../../../src/runtime/supervisor/run-progress.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function watching() {
  const folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  const state = { isWatched: true, looks: 0 };
  const progress = new RunProgress({
    outputFile: () => {
      state.looks++;
      return file;
    },
    secretsOf: () => [Buffer.from("opensesame")],
    isWatched: () => state.isWatched,
  });
  return {
    state,
    progress,
    print: (text: string) => appendFileSync(file, text),
    run: () => sampleRun({ outputBytes: statSync(file).size }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("a bar is read while it is drawn, once for each time that output grew, and forgotten after it", () => {
  using all = watching();
  all.print("start\r\n\rfiles:  10%|█  | 1/10 [00:01<00:09]\rfiles:  20%|██ | 2/10 [00:02<00:08]");
  expect(all.progress.of(all.run())).toMatchObject({ label: "files", percent: 20, secondsLeft: 8 });
  all.progress.of(all.run());
  expect(all.state.looks).toBe(1);
  all.print("\r\nnext\r\n");
  expect(all.progress.of(all.run())).toBeNull();
});

test("nobody's look costs nothing, and a run that is over draws nothing", () => {
  using all = watching();
  all.print("\r 10%\r 20%");
  all.state.isWatched = false;
  expect(all.progress.of(all.run())).toBeNull();
  expect(all.state.looks).toBe(0);
  all.state.isWatched = true;
  expect(all.progress.of(all.run())?.percent).toBe(20);
  expect(all.progress.of({ ...all.run(), state: "ended" })).toBeNull();
});

test("only the end is read, from a whole line or state of it, and secrets in it are hidden", () => {
  using all = watching();
  all.print("x".repeat(100_000));
  for (let share = 0; share <= 50; share++)
    all.print(`\rget opensesame.bin: ${share}%|${"#".repeat(200)}| ${share}/100`);
  expect(all.progress.of(all.run())).toMatchObject({ label: "get **********.bin", percent: 50 });
});

test("what a bar is about is found before all of its states, also by who comes late, and kept", () => {
  using all = watching();
  all.print("before\r\nDownloading torch-2.5.1.whl (797.1 MB)\r\n");
  for (let done = 0; done < 500; done++)
    all.print(`\r\x1b[2K   ${"\x1b[90m━\x1b[0m".repeat(40)} ${done}/797.1 MB 45 MB/s`);
  expect(all.progress.of(all.run())).toMatchObject({ label: "Downloading torch-2.5.1.whl", done: "499" });
  all.print(`\r\x1b[2K   ━━━━ 500/797.1 MB 45 MB/s`);
  expect(all.progress.of(all.run())).toMatchObject({ label: "Downloading torch-2.5.1.whl", done: "500" });
  expect(all.state.looks).toBe(3);
});
