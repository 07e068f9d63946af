import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { testHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";

const PROGRAM = new URL("../../fixtures/programs/bars.py", import.meta.url).pathname;

test("a bar that a program draws is told as progress until it has come to its end, and kept as it was printed", async () => {
  await using home = testHome();
  const folder = join(home.path, "api/loads");
  mkdirSync(folder, { recursive: true });
  const step = { method: "shell.run", params: { message: `python3 ${PROGRAM}`, input: true } };
  writeFileSync(join(folder, "start.json"), JSON.stringify({ run: [step] }));
  const client = await connectTo(home);
  const { run } = await client.request("runs.start", { script: join(folder, "start.json"), consent: true });
  const told: (number | null | undefined)[] = [];
  client.onEvent((event) => {
    if (event.type === "run-changed") told.push(event.run.progress?.percent);
  });
  const now = () => client.state?.runs.find(({ id }) => id === run.id);
  await until(now, (known) => known?.progress?.percent === 43);
  expect(now()?.progress).toEqual({
    label: "Downloading model.safetensors",
    percent: 43,
    done: "2.11",
    total: "4.90 GB",
    rate: "60.1 MB/s",
    secondsLeft: 86,
  });
  // Two thousand states of the bar were few events.
  expect(told.length).toBeLessThan(20);
  const { out } = await home.run("status");
  expect(out).toContain("█████████░░░░░░░░░░░ 43 %  Downloading model.safetensors, 2.11 of 4.90 GB, 1 min left\n");

  await client.request("runs.type", { runId: run.id, text: "\r" });
  await until(now, (known) => known !== undefined && known.progress === undefined);
  const kept = readFileSync(join(home.path, "runs", run.id, "output.log"), "utf8");
  expect(kept.split("\rmodel.safetensors:").length - 1).toBe(2000 + 1 + 58);
  expect(kept).toContain("all is there");
  client.close();
  await home.run("stop", "loads");
});
