import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import { RunRecord } from "../../../src/runtime/protocol/channel.js";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import type { Question } from "../../../src/runtime/protocol/runs.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";
import { openTestTerminal } from "../../helpers/terminal.js";

function put(home: TestHome, files: Record<string, unknown>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(home.path, "api", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  }
}

const keep = (path: string) => ({ method: "fs.write", params: { path, json: "{{input}}" } });
const kept = (home: TestHome, name: string): unknown =>
  JSON.parse(readFileSync(join(home.path, "api", name), "utf8")) as unknown;

const FORM = {
  title: "How should it run?",
  form: [
    { key: "name", title: "Name", required: true },
    { key: "token", title: "Token", type: "password" },
    {
      key: "size",
      title: "Model",
      type: "select",
      items: [
        { text: "Small", value: "s" },
        { text: "Large", value: "l" },
      ],
    },
    { key: "fast", title: "Fast", type: "checkbox", default: true },
    { key: "steps", title: "Steps", type: "number", default: 20 },
  ],
};

describe("at a terminal", () => {
  test("every field is asked for, a password is not shown, and the script goes on", async () => {
    await using home = testHome();
    put(home, { "a/main.json": { run: [{ method: "input", params: FORM }, keep("answer.json")] } });
    using terminal = openTestTerminal(home, "script", "run", join(home.path, "api/a/main.json"));
    await terminal.reads(/How should it run\?/);
    await terminal.reads(/Name: $/);
    terminal.type("\r");
    await terminal.reads(/Name is needed/);
    await terminal.reads(/Name: $/);
    terminal.type("ada\r");
    await terminal.reads(/Token: $/);
    terminal.type("hf_hidden\r");
    await terminal.reads(/2 {2}Large/);
    await terminal.reads(/\[1\]: $/);
    terminal.type("2\r");
    await terminal.reads(/Fast \[Y\/n\]: $/);
    terminal.type("n\r");
    await terminal.reads(/Steps: 20$/);
    terminal.type("\r");
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).not.toContain("hf_hidden");
    const answer = { name: "ada", token: "hf_hidden", size: "l", fast: false, steps: "20" };
    expect(kept(home, "a/answer.json")).toEqual(answer);
  });

  test("a file is chosen by its path, a window by its number, and what a script tells is a line", async () => {
    await using home = testHome();
    put(home, {
      "a/main.json": {
        run: [
          { method: "notify", params: { html: "Nearly <b>done</b>", href: "http://127.0.0.1:9" } },
          { method: "filepicker.open", params: { path: "." } },
          keep("paths.json"),
          {
            method: "htmlmodal.open",
            params: {
              id: "w",
              title: "Log in",
              html: "<p>Go there</p>",
              await: true,
              actions: [{ id: "yes", label: "I did" }],
            },
          },
          keep("window.json"),
        ],
      },
    });
    using terminal = openTestTerminal(home, "script", "run", join(home.path, "api/a/main.json"));
    await terminal.reads(/Nearly done \(http:\/\/127\.0\.0\.1:9\)/);
    await terminal.reads(/File: $/);
    terminal.type("none.txt\r");
    await terminal.reads(/none\.txt does not exist/);
    await terminal.reads(/File: $/);
    terminal.type("main.json\r");
    await terminal.reads(/1 {2}I did/);
    await terminal.reads(/\[1\]: $/);
    terminal.type("1\r");
    expect(await terminal.ended).toBe(0);
    expect(kept(home, "a/paths.json")).toEqual({ paths: [join(home.path, "api/a/main.json")] });
    expect(kept(home, "a/window.json")).toEqual({ action: "yes", payload: null });
  });

  test("somebody else who answers first ends the question here; Ctrl-C leaves it open", async () => {
    await using home = testHome();
    const ask = { method: "input", params: { form: [{ key: "name", title: "Name" }] } };
    put(home, { "a/main.json": { run: [ask, ask, keep("answer.json")] } });
    using terminal = openTestTerminal(home, "script", "run", join(home.path, "api/a/main.json"));
    await terminal.reads(/Name: $/);
    expect((await home.run("answer", "a", '{"name": "first"}')).code).toBe(0);
    await terminal.reads(/does not ask any more/);
    await terminal.reads(/Name: $/);
    terminal.type("\x03");
    await terminal.reads(/answer with: pinokiocloud answer (run_\w+)/);
    expect(await terminal.ended).toBe(3);
    expect((await home.run("status")).out).toMatch(/waiting +a\/main\.json/);
  });
});

test("another terminal answers what a run asks; who asks for too much is told", async () => {
  await using home = testHome();
  put(home, { "a/main.json": { run: [{ method: "input", params: FORM }, keep("answer.json")] } });
  const script = join(home.path, "api/a/main.json");
  expect((await home.run("script", "run", script)).code).toBe(3);
  const asked = await home.run("answer", "a", "--json");
  expect(asked.code).toBe(3);
  expect(asked.json).toMatchObject({ question: { kind: "input", params: { title: "How should it run?" } } });
  expect((await home.run("answer", "a", "{nonsense")).code).toBe(2);
  expect((await home.run("answer", "a", '{"name": "eve"}')).code).toBe(0);
  await until(
    () => home.run("script", "status", script, "--json"),
    ({ json }) => json["running"] === false,
  );
  expect(kept(home, "a/answer.json")).toEqual({ name: "eve" });
  const late = await home.run("answer", "a", "{}");
  expect(late.code).toBe(1);
  expect(late.err).toMatch(/a asks nothing/);
});

test("of two who answer the first counts, and the second is told; the terminal says so too", async () => {
  await using home = testHome();
  put(home, {
    "a/main.json": {
      run: [{ method: "input", params: { form: [{ key: "name", title: "Name" }] } }, keep("answer.json")],
    },
  });
  const script = join(home.path, "api/a/main.json");
  const { json } = await home.run("script", "run", script, "--json");
  const runId = RunId.parse(json["id"]);
  const [question] = json["questions"] as Question[];
  const record = RunRecord.parse(JSON.parse(readFileSync(join(home.path, "runs", runId, "run.json"), "utf8")));
  const [one, two] = [await connectTo(home), await connectTo(home)];
  const answer = (client: SidecarClient, name: string) =>
    client.request("runs.answer", { runId, question: question!.id, value: { name } });
  using terminal = openTestTerminal(home, "answer", runId);
  await terminal.reads(/Name: $/);

  process.kill(record.process!.pid, "SIGSTOP"); // the first answer is on its way for as long as that
  await answer(one, "first");
  await expect(answer(two, "second")).rejects.toMatchObject({
    code: "answered-already",
    message: "Somebody else has answered this already",
  });
  terminal.type("third\r");
  await terminal.reads(/Somebody else was faster; your answer was not taken/);
  process.kill(record.process!.pid, "SIGCONT");
  await until(
    () => runIn(one, runId),
    (run) => run?.state === "ended",
  );
  expect(kept(home, "a/answer.json")).toEqual({ name: "first" });
  await expect(answer(two, "late")).rejects.toMatchObject({ code: "answered-already" });
  for (const each of [one, two]) each.close();
});

const runIn = (client: SidecarClient, runId: RunId) => client.state?.runs.find(({ id }) => id === runId);

test("a file that a person sends is bytes to the script", async () => {
  await using home = testHome();
  put(home, {
    "a/main.json": {
      run: [
        { method: "input", params: { form: [{ key: "file", type: "file" }] } },
        { method: "fs.write", params: { path: "out.bin", buffer: "{{input.file}}" } },
      ],
    },
  });
  const sent = { file: { name: "x.bin", base64: Buffer.from([0, 255, 7]).toString("base64") } };
  const script = join(home.path, "api/a/main.json");
  expect((await home.run("script", "run", script, "--answers", JSON.stringify([sent]))).code).toBe(0);
  expect([...readFileSync(join(home.path, "api/a/out.bin"))]).toEqual([0, 255, 7]);
});
