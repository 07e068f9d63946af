import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { connectTo } from "../../helpers/connect-to.js";
import { testHome, until } from "../../helpers/command-line.js";

const RUNS = 50;

test("fifty runs at once: each starts, prints its own and is stopped, and nothing is left", async () => {
  await using home = testHome();
  const folder = join(home.path, "api/many");
  mkdirSync(folder, { recursive: true });
  const scripts = Array.from({ length: RUNS }, (_, number) => {
    const message = `echo "this is $((${number} + 1000))"; sleep 600`;
    const run = [{ method: "shell.run", params: { message, on: [{ event: "/this is \\d+/", done: true }] } }];
    writeFileSync(join(folder, `${number}.json`), JSON.stringify({ daemon: true, run }));
    return join(folder, `${number}.json`);
  });
  const client = await connectTo(home);
  try {
    const started = await Promise.all(scripts.map((script) => client.request("runs.start", { script, consent: true })));
    expect(new Set(started.map(({ run }) => run.id)).size).toBe(RUNS);
    const ready = await until(
      () => client.request("runs.list", {}),
      (runs) => runs.every(({ state }) => state === "ready"),
      60_000,
    );
    expect(ready).toHaveLength(RUNS);

    const found = await Promise.all(
      started.map(({ run }) => client.request("output.search", { runId: run.id, text: "this is 1", most: 10 })),
    );
    expect(found.map(({ lines }) => lines.at(-1)?.text)).toEqual(
      scripts.map((_, number) => `this is ${number + 1000}`),
    );

    const stopped = await Promise.all(started.map(({ run }) => client.request("runs.stop", { runId: run.id })));
    expect(stopped.filter(({ run }) => run?.end?.outcome !== "stopped")).toEqual([]);
    expect(stopped.filter(({ run }) => run?.ending?.left !== 0)).toEqual([]);
    const { pid } = await client.request("sidecar.status", {});
    await until(home.processes, (left) => left.length === 1 && left[0] === pid);
  } finally {
    client.close();
  }
});
