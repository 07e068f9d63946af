import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { findProgram } from "../../../src/runtime/base/find-program.js";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { attachTerminal } from "../../helpers/attached-terminal.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";
import { openTestTerminal } from "../../helpers/terminal.js";

const PROGRAMS = new URL("../../fixtures/programs/", import.meta.url).pathname;

function putScript(home: TestHome, name: string, message: string): string {
  const folder = join(home.path, "api", name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "start.json");
  writeFileSync(file, JSON.stringify({ run: [{ method: "shell.run", params: { message, input: true } }] }));
  return file;
}

async function begin(home: TestHome, message: string): Promise<{ client: SidecarClient; run: Run }> {
  const client = await connectTo(home);
  const { run } = await client.request("runs.start", { script: putScript(home, "draws", message), consent: true });
  return { client, run };
}

test("a terminal that comes late or comes back shows the screen of a program that draws, and goes on with it", async () => {
  await using home = testHome();
  const { client, run } = await begin(home, `python3 ${PROGRAMS}draws.py`);
  const type = (text: string) => client.request("runs.type", { runId: run.id, text });
  using watched = attachTerminal(client, run.id);
  await watched.shows("size 100 by 30");
  await client.request("runs.resize", { runId: run.id, columns: 61, rows: 14 });
  await until(watched.screen, (lines) => lines.length === 14 && lines[1]!.includes("size 61 by 14"));
  await type("ab");
  await watched.shows("keys a b");

  using late = attachTerminal(client, run.id);
  await late.shows("keys a b");
  expect(late.screen()).toEqual(watched.screen());
  expect(late.screen()).toHaveLength(14);
  expect({ screens: late.screens, bytes: late.bytes }).toEqual({ screens: 1, bytes: 0 });
  await type("c");
  await late.shows("keys a b c");
  await watched.shows("keys a b c");
  expect(late.screen()).toEqual(watched.screen());

  // The sidecar is replaced: what was on the screen is in the run's folder.
  await home.run("up", "--replace");
  const next = await connectTo(home);
  using again = attachTerminal(next, run.id);
  expect(await again.shows("keys a b c")).toEqual(late.screen());
  await next.request("runs.type", { runId: run.id, text: "q" });
  await again.shows("given back");
  next.close();
  client.close();
});

const whereLessIs = findProgram("less", process.env["PATH"]) === null ? test.skip : test;

whereLessIs("a pager is shown at the page it is on, to who comes late too", async () => {
  await using home = testHome();
  const { client, run } = await begin(home, "seq -f 'line %g' 500 | LESS= less");
  const type = (text: string) => client.request("runs.type", { runId: run.id, text });
  using watched = attachTerminal(client, run.id);
  await watched.shows("line 29");
  await type(" ");
  await watched.shows("line 58");
  await type("/line 2.7\r");
  await watched.shows("line 207");
  using late = attachTerminal(client, run.id);
  await late.shows("line 207");
  expect(late.screen()).toEqual(watched.screen());
  for (const key of ["k", "k", "G", "u"]) await type(key);
  await Promise.all([watched, late].map((terminal) => terminal.shows("line 471")));
  await until(
    () => JSON.stringify(late.screen()) === JSON.stringify(watched.screen()),
    (isSame) => isSame,
  );
  client.close();
});

test("a terminal that cannot keep up is given the screen as it is, and everything that follows", async () => {
  await using home = testHome();
  const flood = `python3 ${PROGRAMS}flood.py 30000000; read line; echo "then $line"; sleep 300`;
  const { client, run } = await begin(home, flood);
  using terminal = attachTerminal(client, run.id);
  await until(
    () => client.state?.runs.find(({ id }) => id === run.id)?.outputBytes ?? 0,
    (bytes) => bytes > 30_000_000,
    30_000,
  );
  await terminal.shows("end of flood");
  await client.request("runs.type", { runId: run.id, text: "ada\r" });
  await terminal.shows("then ada");
  client.close();
  await home.run("stop", "draws");
});

test("the command line shows a run's terminal as it is, is typed into, and is left without ending it", async () => {
  await using home = testHome();
  const { client, run } = await begin(home, `python3 ${PROGRAMS}draws.py`);
  using watched = attachTerminal(client, run.id);
  await watched.shows("size 100 by 30");
  using terminal = openTestTerminal(home, "logs", "draws", "--interactive");
  await watched.shows("size 120 by 40");
  terminal.type("ab");
  await watched.shows("keys a b");
  await terminal.reads(/size 120 by 40[^]*a b/);
  terminal.type("\x1d");
  await terminal.reads(/It goes on as run_/);
  expect(await terminal.ended).toBe(0);
  expect(client.state?.runs.find(({ id }) => id === run.id)?.state).toBe("running");
  using again = openTestTerminal(home, "logs", "draws", "-i");
  await again.reads(/keys a b/);
  again.type("\x03");
  await again.reads(/KeyboardInterrupt/);
  again.type("\x1d");
  expect(await again.ended).toBe(0);
  client.close();
});

test("whoever follows a run at a terminal has its programs draw as large as that is", async () => {
  await using home = testHome();
  const { client } = await begin(home, "read line; stty size; read line");
  using terminal = openTestTerminal(home, "logs", "draws", "--follow");
  await until(
    () => client.state?.runs.at(-1)?.terminal,
    (size) => size?.columns === 120 && size.rows === 40,
  );
  expect((await home.run("type", "draws")).code).toBe(0);
  await terminal.reads(/40 120/);
  client.close();
});
