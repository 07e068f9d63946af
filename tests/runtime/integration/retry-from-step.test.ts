import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { type TestHome, testHome } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";

const shell = (message: string) => ({ method: "shell.run", params: { message } });
const note = (text: string) => shell(`echo ${text} >> done.txt`);

const SCRIPTS = {
  "install.json": {
    run: [
      note("one"),
      { method: "local.set", params: { port: 42 } },
      { method: "script.start", params: { uri: "torch.json", params: { kind: "cpu" } } },
      note("four {{local.port}}"),
      shell(
        "[ -e libraries.txt ] || { echo Error: no libraries; exit 1; }; echo five {{local.port}} {{args.size}} >> done.txt",
      ),
      note("six"),
    ],
  },
  "torch.json": {
    run: [
      note("torch {{args.kind}}"),
      { method: "local.set", params: { wheel: "here" } },
      shell("[ -e wheels.txt ] || { echo Error: no wheels; exit 1; }; echo {{local.wheel}} {{args.kind}} >> done.txt"),
    ],
  },
};

function put(home: TestHome) {
  const folder = join(home.path, "api", "demo");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "pinokio.js"), 'module.exports = { title: "Demo", menu: [] };\n');
  for (const [name, script] of Object.entries(SCRIPTS)) writeFileSync(join(folder, name), JSON.stringify(script));
  let read = 0;
  return {
    at: (name: string) => join(folder, name),
    write: (name: string, text: string) => writeFileSync(join(folder, name), text),
    /** What was done since the last question. */
    done: () => {
      const all = readFileSync(join(folder, "done.txt"), "utf8").trim().split("\n");
      const since = all.slice(read);
      read = all.length;
      return since;
    },
  };
}

test("what failed goes on at its step with the memory that it had, and so does the script that it had started", async () => {
  await using home = testHome();
  const app = put(home);
  const again = (which: string, ...more: string[]) => home.run("again", which, ...more);

  const first = await home.run("script", "run", app.at("install.json"), "--input", '{"size":"large"}');
  expect(first.code).toBe(1);
  expect(app.done()).toEqual(["one", "torch cpu", "four 42"]);
  const client = await connectTo(home);
  const latest = async (script: string): Promise<Run> =>
    (await client.request("runs.list", {})).findLast((run) => run.script === `demo/${script}`)!;
  try {
    // Pinokio's scripts go on after one that failed; what is missing shows later.
    const whole = await latest("install.json");
    expect([whole.failedStep, (await latest("torch.json")).failedStep]).toEqual([
      { index: 2, total: 6 },
      { index: 2, total: 3 },
    ]);
    expect(statSync(join(home.path, "runs", whole.id, "resume.json")).mode & 0o777).toBe(0o600);

    const offered = await home.run("repair", "demo/torch.json");
    expect(offered.out).toMatch(/Go on at step 3 of 6: pinokiocloud again run_\w+ --from-failed-step\n$/);

    app.write("wheels.txt", "");
    const second = await again("demo/install.json", "--from-failed-step");
    expect(second.out).toContain("Goes on at step 3 of 6");
    expect([second.code, app.done()]).toEqual([1, ["here cpu", "four 42"]]);
    expect((await latest("install.json")).failedStep).toEqual({ index: 4, total: 6 });

    app.write("libraries.txt", "");
    const third = await again("demo/install.json", "--from-failed-step", "--json");
    expect([third.code, app.done()]).toEqual([0, ["five 42 large", "six"]]);
    expect(existsSync(join(home.path, "runs", String(third.json["id"]), "resume.json"))).toBe(false);

    app.write("torch.json", JSON.stringify({ run: [note("another torch")] }));
    const refused = await home.run("again", whole.id, "--from-failed-step");
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("torch.json has changed since it failed")]);
    const whole2 = await again(whole.id);
    expect([whole2.code, app.done()]).toEqual([0, ["one", "another torch", "four 42", "five 42 large", "six"]]);
  } finally {
    client.close();
  }
});
