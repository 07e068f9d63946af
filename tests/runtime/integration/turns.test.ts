import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startTimeOf } from "../../../src/runtime/base/processes.js";
import { readSidecarRecord } from "../../../src/runtime/storage/sidecar-record.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";

async function killSidecar(home: TestHome): Promise<void> {
  const { pid } = readSidecarRecord(join(home.path, "run/sidecar.json"))!;
  process.kill(pid, "SIGKILL");
  await until(
    () => startTimeOf(pid),
    (time) => time === null,
  );
}

test("turns outlive the sidecar: nobody jumps the queue, nobody waits for ever", async () => {
  await using home = testHome();
  const folder = join(home.path, "api/a");
  const at = (name: string): string => join(folder, name);
  mkdirSync(folder, { recursive: true });
  const names = ["one", "two", "three"];
  for (const name of names) {
    // Each is in its turn until its own file lets it go on.
    const message = `echo begin-${name} >> trail.txt; until [ -e go-${name} ]; do sleep 0.05; done; echo end-${name} >> trail.txt`;
    writeFileSync(at(`${name}.json`), JSON.stringify({ run: [{ method: "exec", queue: true, params: { message } }] }));
  }
  const trail = (): string[] =>
    existsSync(at("trail.txt")) ? readFileSync(at("trail.txt"), "utf8").trim().split("\n") : [];
  const waits = (count: number) =>
    until(
      () => JSON.parse(readFileSync(join(home.path, "run/turns.json"), "utf8")) as Record<string, unknown[]>,
      (queues) => queues["exec"]?.length === count,
    );
  const runs: Promise<unknown>[] = [];
  for (const [index, name] of names.entries()) {
    runs.push(home.run("script", "run", at(`${name}.json`)));
    await until(() => existsSync(join(home.path, "run/turns.json")), Boolean);
    await waits(index + 1);
  }
  await until(trail, (lines) => lines.length === 1);

  await killSidecar(home);
  await home.run("up");
  writeFileSync(at("go-three"), "");
  writeFileSync(at("go-two"), "");
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(trail()).toEqual(["begin-one"]);
  writeFileSync(at("go-one"), "");
  await Promise.all(runs);
  await until(trail, (lines) => lines.length === 6);
  expect(trail()).toEqual(names.flatMap((name) => [`begin-${name}`, `end-${name}`]));
});

test("a turn that ends while no sidecar is there is over for the next one", async () => {
  await using home = testHome();
  const folder = join(home.path, "api/a");
  mkdirSync(folder, { recursive: true });
  const step = (message: string) => ({ method: "exec", queue: true, params: { message } });
  const go = join(folder, "go");
  writeFileSync(
    join(folder, "one.json"),
    JSON.stringify({
      daemon: true,
      run: [step(`touch begun; until [ -e ${go} ]; do sleep 0.05; done`), step("touch over")],
    }),
  );
  writeFileSync(join(folder, "two.json"), JSON.stringify({ run: [step("touch two")] }));
  const one = home.run("script", "run", join(folder, "one.json"));
  await until(() => existsSync(join(folder, "begun")), Boolean);
  const two = home.run("script", "run", join(folder, "two.json"));
  await until(
    () => readFileSync(join(home.path, "run/turns.json"), "utf8").split('"turn"').length,
    (parts) => parts === 3,
  );
  await killSidecar(home);
  writeFileSync(go, "");
  await home.run("up");
  await Promise.all([one, two]);
  await until(() => existsSync(join(folder, "two")) && existsSync(join(folder, "over")), Boolean);
});
