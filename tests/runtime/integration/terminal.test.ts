import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { connectTo } from "../../helpers/connect-to.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";

function putScript(home: TestHome, name: string, script: unknown): string {
  const folder = join(home.path, "api", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "start.json"), JSON.stringify(script));
  return join(folder, "start.json");
}

const shell = (message: string): object => ({ method: "shell.run", params: { message, input: true } });

test("a program that asks at its terminal is answered, hears Ctrl-C, and sees the size of the view", async () => {
  await using home = testHome();
  const ask = `read -p "name? " name; echo "hello $name"; stty size; trap 'echo got-interrupt; exit' INT; sleep 300`;
  const file = putScript(home, "asks", { run: [shell(ask)] });
  void home.run("script", "run", file);
  const logs = (wanted: string) =>
    until(
      () => home.run("logs", "asks"),
      ({ out }) => out.includes(wanted),
    );
  await logs("name?");
  const client = await connectTo(home);
  const [run] = await client.request("runs.list", {});
  expect(run!.step?.takesInput).toBe(true);
  await client.request("runs.resize", { runId: run!.id, columns: 77, rows: 22 });
  expect((await home.run("type", "asks", "Ada")).code).toBe(0);
  await logs("22 77");
  expect((await home.run("logs", "asks", "--search", "HELLO")).out).toContain("hello Ada");
  await home.run("type", "asks", "--ctrl-c");
  await logs("got-interrupt");
  client.close();
  expect((await home.run("stop", "asks")).code).toBe(0);
  const late = await home.run("type", "asks", "x");
  expect(late).toMatchObject({ code: 1, err: expect.stringContaining("asks does not run") });
});

test("secrets of an app do not leave with its output", async () => {
  await using home = testHome();
  const file = putScript(home, "talks", {
    run: [{ method: "shell.run", params: { message: "echo token=$MY_TOKEN; echo hf_$(printf 'x%.0s' {1..34})" } }],
  });
  writeFileSync(join(home.path, "api/talks/ENVIRONMENT"), "MY_TOKEN=open-sesame-42\n");
  expect((await home.run("script", "run", file)).out).toContain(`token=${"*".repeat(14)}`);
  const { out } = await home.run("logs", "talks");
  expect(out).not.toContain("open-sesame");
  expect(out).toContain(`hf_${"*".repeat(34)}`);
  expect((await home.run("logs", "talks", "--search", "sesame")).code).toBe(1);
});
