import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { Failure, RepairPreview } from "../../../src/runtime/protocol/failures.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { type Answer, type TestHome, testHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";
import { openTestTerminal } from "../../helpers/terminal.js";

interface Listed {
  run: Run["id"];
  failure: Failure;
  offers: { at: number; repair: Failure["repairs"][number]; preview: RepairPreview }[];
}

const shell = (message: string, more = {}) => ({ method: "shell.run", params: { message, ...more } });

function put(home: TestHome, scripts: Record<string, unknown>, app = "demo"): string {
  const folder = join(home.path, "api", app);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "pinokio.js"), `module.exports = { title: "Demo", menu: [] };\n`);
  for (const [name, run] of Object.entries(scripts)) writeFileSync(join(folder, name), JSON.stringify(run));
  return folder;
}

const listed = async (home: TestHome): Promise<Listed> =>
  (await home.run("repair", "demo", "--json")).json as unknown as Listed;

const latest = async (home: TestHome, script: string): Promise<Run | undefined> => {
  const client = await connectTo(home);
  try {
    return (await client.request("runs.list", {})).findLast((run) => run.script === script);
  } finally {
    client.close();
  }
};

const numberOf = ({ offers }: Listed, kind: string): string =>
  String(offers.findIndex(({ repair }) => repair.kind === kind) + 1);

test("a broken environment is shown, kept in the trash and made again by the install script", async () => {
  await using home = testHome();
  const install = { run: [shell("python3 -m venv --without-pip env && echo made > env/made")] };
  const app = put(home, {
    "install.json": install,
    "start.json": { run: [shell("env/bin/python -c 'import zlib; print(1)'; echo Error: it failed")] },
  });
  expect((await home.run("script", "run", join(app, "install.json"))).code).toBe(0);
  writeFileSync(join(app, "env/lib-notes.txt"), "mine");
  // What a copied or moved environment prints.
  writeFileSync(
    join(app, "start.json"),
    JSON.stringify({
      run: [shell(`[ -e env/lib-notes.txt ] || exit 0; ${app}/env/bin/nothing; echo Error: it failed`)],
    }),
  );
  const broken = `${app}/env/bin/nothing`;
  writeFileSync(broken, `#!${app}/env/bin/python-that-went-away\n`, { mode: 0o755 });
  expect((await home.run("script", "run", join(app, "start.json"))).code).toBe(1);

  const found = await listed(home);
  const number = numberOf(found, "recreate-venv");
  const { preview } = found.offers[Number(number) - 1]!;
  expect(preview).toMatchObject({ refused: null, removes: [], moves: [{ path: join(app, "env") }] });
  expect(preview.moves[0]!.bytes).toBeGreaterThan(0);

  const unasked = await home.run("repair", "demo", number);
  expect(unasked.code).toBe(1);
  expect(existsSync(join(app, "env/lib-notes.txt"))).toBe(true);

  const { json, code } = await home.run("repair", "demo", number, "--yes", "--json");
  expect([code, json["done"]]).toEqual([0, true]);
  await until(
    () => latest(home, "demo/install.json"),
    (run) => run?.id === json["runId"] && run?.state === "ended",
  );
  expect(existsSync(join(app, "env/made"))).toBe(true);
  expect(existsSync(join(app, "env/lib-notes.txt"))).toBe(false);
  const [entry = ""] = readdirSync(join(home.path, "trash"));
  expect(readFileSync(join(home.path, "trash", entry, "files/api/demo/env/lib-notes.txt"), "utf8")).toBe("mine");
});

test("what was half loaded is removed, and what was whole stays", async () => {
  await using home = testHome();
  const app = put(home, {
    "start.json": { run: [shell(`python3 -c "import zipfile; zipfile.ZipFile('model.zip')"; echo Error: it failed`)] },
  });
  const blobs = join(home.path, "cache/HF_HOME/hub/models--a--b/blobs");
  mkdirSync(blobs, { recursive: true });
  writeFileSync(join(blobs, "1234.incomplete"), "half");
  writeFileSync(join(blobs, "5678"), "whole");
  writeFileSync(join(app, "model.zip"), "PK, cut off");
  expect((await home.run("script", "run", join(app, "start.json"))).code).toBe(1);

  const found = await listed(home);
  const number = numberOf(found, "clear-partial");
  const result = await home.run("repair", "demo", number, "--yes");
  expect(result.out).toMatch(/^Removed 1 file with 4 B\n/);
  expect(readdirSync(blobs)).toEqual(["5678"]);
});

test("a port in use is left for a free one", async () => {
  await using home = testHome();
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as { port: number };
  const app = put(home, {
    "start.json": {
      daemon: true,
      run: [
        shell("python3 server.py", { on: [{ event: "/serving on [0-9]+/", done: true }] }),
        { method: "local.set", params: { said: "yes" } },
      ],
    },
  });
  writeFileSync(
    join(app, "server.py"),
    [
      "import os, http.server",
      `port = int(os.environ.get("PORT") or ${port})`,
      'server = http.server.HTTPServer(("127.0.0.1", port), http.server.SimpleHTTPRequestHandler)',
      'print("serving on", port, flush=True)',
      "server.serve_forever()",
    ].join("\n"),
  );
  try {
    const { code } = await home.run("script", "run", join(app, "start.json"));
    expect(code).toBe(1);
    const found = await listed(home);
    expect(found.failure.code).toMatch(/port/);
    const { json } = await home.run("repair", "demo", numberOf(found, "use-other-port"), "--json");
    expect(json["done"]).toBe(true);
    const run = await until(
      () => latest(home, "demo/start.json"),
      (now) => now?.state === "ready",
    );
    expect(run?.id).toBe(json["runId"]);
    expect((await home.run("logs", "demo")).out).not.toContain(`serving on ${port}\r`);

    const again = await home.run("repair", found.run, numberOf(found, "use-other-port"));
    expect([again.code, again.out]).toEqual([1, "demo/start.json runs again already\n"]);
  } finally {
    taken.close();
  }
});

test("a program that knows a flag for less memory is started with it from then on", async () => {
  await using home = testHome();
  const program = [
    "import argparse",
    "parser = argparse.ArgumentParser()",
    "parser.add_argument('--medvram', action='store_true', help='uses less memory')",
    "if parser.parse_args().medvram: print('it fits')",
    "else: raise SystemExit('torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB')",
  ];
  const app = put(home, { "start.json": { run: [shell("python3 main.py || echo Error: it failed")] } });
  writeFileSync(join(app, "main.py"), program.join("\n"));
  writeFileSync(
    join(app, "pinokio.js"),
    `module.exports = { title: "Demo", menu: [{ text: "Start", href: "start.json" }] };\n`,
  );
  expect((await home.run("script", "run", join(app, "start.json"))).code).toBe(1);
  const offers = await listed(home);
  const number = numberOf(offers, "lower-memory");
  expect(offers.offers[Number(number) - 1]?.preview.does).toMatch(
    /--medvram stays set, among the settings of the app$/,
  );
  const { json } = await home.run("repair", "demo", number, "--json");
  const run = await until(
    () => latest(home, "demo/start.json"),
    (now) => now?.id === json["runId"] && now?.state === "ended",
  );
  expect(run?.end?.outcome).toBe("finished");
  expect((await home.run("script", "run", join(app, "start.json"))).out).toContain("it fits");
});

test("only what the failure offers is carried out, and one at a time", async () => {
  await using home = testHome();
  const app = put(home, {
    "start.json": { run: [shell(`python3 -c "open('/dev/full', 'w').write('x' * 100000)"; echo Error: it failed`)] },
  });
  await home.run("script", "run", join(app, "start.json"));
  const { run: runId, failure } = await listed(home);
  const client = await connectTo(home);
  try {
    const ask = (at: number, kind: string) => client.request("runs.repair", { runId, repair: { at, kind } });
    await expect(ask(0, "recreate-venv")).rejects.toMatchObject({ code: "request-invalid" });
    await expect(ask(9, failure.repairs[0]!.kind)).rejects.toMatchObject({ code: "request-invalid" });
    const at = failure.repairs.findIndex(({ kind }) => kind === "retry-step");
    const both = await Promise.all([ask(at, "retry-step"), ask(at, "retry-step")]);
    expect(both.map(({ done }) => done)).toEqual([true, false]);
    expect(both[1]!.said).toBe("Another repair of demo is under way: Try again");
  } finally {
    client.close();
  }
});

test("a token that is missing is kept for the app, and what failed starts with it", async () => {
  await using home = testHome();
  const app = put(home, {
    "start.json": {
      run: [
        shell(
          `[ "$HF_TOKEN" = hf_given ] && echo got it || { echo 'huggingface_hub.errors.GatedRepoError: 401 Client Error. Cannot access gated repo for url https://huggingface.co/a/b/resolve/main/x. Access to model a/b is restricted. You must have access to it and be authenticated to access it. Please log in.'; echo Error: it failed; }`,
        ),
      ],
    },
  });
  await home.run("script", "run", join(app, "start.json"));
  const found = await listed(home);
  const number = numberOf(found, "set-token");
  expect((await home.run("repair", "demo", number)).code).toBe(1);
  const done: Answer = await home.runWith({ HF_TOKEN: "hf_given" }, "repair", "demo", number, "--json");
  expect(done.json["done"]).toBe(true);
  expect(readFileSync(join(app, "ENVIRONMENT"), "utf8")).toContain("HF_TOKEN=hf_given");
  const run = await until(
    () => latest(home, "demo/start.json"),
    (now) => now?.id === done.json["runId"] && now?.state === "ended",
  );
  expect(run?.end?.outcome).toBe("finished");
});

test("a repair at work is seen by everybody who looks, can be ended where that is safe, and its end is told", async () => {
  await using home = testHome();
  const full = shell("echo 'cp: writing x: No space left on device'; echo Error: it failed");
  const app = put(home, { "start.json": { run: [full] } });
  expect((await home.run("script", "run", join(app, "start.json"))).code).toBe(1);
  const cache = join(home.path, "cache/PIP_CACHE_DIR/http");
  mkdirSync(cache, { recursive: true });
  for (let at = 0; at < 8_000; at++) writeFileSync(join(cache, `${at}`), "0123456789");
  const offers = await listed(home);
  const at = Number(numberOf(offers, "free-disk")) - 1;
  const [one, other] = [await connectTo(home), await connectTo(home)];
  const runId = offers.run;
  const seen = () => other.state?.runs.find(({ id }) => id === runId)?.repairing;
  const repair = () => one.request("runs.repair", { runId, repair: { at, kind: "free-disk" } });

  expect(await one.request("runs.cancelRepair", { runId })).toEqual({ cancelled: false });
  const ended = repair();
  const now = await until(seen, (found) => found?.canCancel === true);
  expect(now?.doing).toMatch(/^Emptying the caches: .+ of [\d.]+ MB$/);
  expect(await other.request("runs.cancelRepair", { runId })).toEqual({ cancelled: true });
  const { done, said } = await ended;
  expect(done).toBe(false);
  expect(said).toMatch(/^Ended before all was empty: .+ of [\d.]+ MB were freed$/);
  await until(seen, (found) => found === undefined);
  expect(other.state?.notices.map(({ message }) => message)).toEqual([said]);
  const left = readdirSync(cache).length;
  expect([left > 0, left < 8_000]).toEqual([true, true]);
  for (const client of [one, other]) client.close();

  const told = await home.run("repair", "demo", String(at + 1), "--yes");
  expect(told).toMatchObject({ code: 0, out: expect.stringMatching(/ were freed\n$/) });
  expect(existsSync(cache)).toBe(false);
});

test("at a terminal it says what it does, and Ctrl-C ends it", async () => {
  await using home = testHome();
  const full = shell("echo 'cp: writing x: No space left on device'; echo Error: it failed");
  const app = put(home, { "start.json": { run: [full] } });
  await home.run("script", "run", join(app, "start.json"));
  const cache = join(home.path, "cache/PIP_CACHE_DIR/http");
  mkdirSync(cache, { recursive: true });
  for (let at = 0; at < 30_000; at++) writeFileSync(join(cache, `${at}`), "");
  writeFileSync(join(cache, "large"), "x".repeat(5_000));
  const number = numberOf(await listed(home), "free-disk");
  using terminal = openTestTerminal(home, "repair", "demo", number, "--yes");
  await terminal.reads(/Emptying the caches: .* of [\d.]+ KB \(\d+ %\)/);
  terminal.type("\x03");
  await terminal.reads(/Ended before all was empty/);
  expect(await terminal.ended).toBe(1);
  expect(readdirSync(cache).length).toBeGreaterThan(0);
});
