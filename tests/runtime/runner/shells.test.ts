import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { ShellRequest } from "../../../src/runtime/methods/method.js";
import { OutputLog } from "../../../src/runtime/runner/output-log.js";
import { RunShells, type ShellsOptions } from "../../../src/runtime/runner/shells.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function shells(more: Partial<ShellsOptions> = {}) {
  const folder = temporaryFolder();
  const output = new OutputLog(join(folder.path, "output.log"), {
    onSize: () => undefined,
    onRoom: () => undefined,
    onLoss: () => undefined,
  });
  const open = new RunShells({
    runId: "test",
    output,
    environmentFor: ({ env }) => ({ PATH: process.env["PATH"] ?? "", ...(env as Record<string, string>) }),
    onCountChanged: () => undefined,
    warn: () => undefined,
    ...more,
  });
  const order = (more: Partial<ShellRequest>): ShellRequest => ({
    id: undefined,
    command: "",
    cwd: folder.path,
    env: {},
    without: [],
    activation: null,
    shell: undefined,
    on: undefined,
    interactive: false,
    requireVirtualenv: false,
    columns: undefined,
    rows: undefined,
    ...more,
  });
  return {
    folder: folder.path,
    open,
    order,
    [Symbol.asyncDispose]: async () => {
      for (const id of ["s", "q", "d"]) await open.stop(id);
      await output.close();
      folder[Symbol.dispose]();
    },
  };
}

const SLOW_PROMPT = `#!/bin/bash
mark() { printf '\\033]133;A\\007'; }
mark
read -r line
printf 'from-session\\r\\n'
sleep 0.03
mark
sleep 30
`;

const atPrompt = [{ event: null, return: true }];

test("a shell that stays keeps what is set in it", async () => {
  await using at = shells();
  expect(await at.open.start(at.order({ id: "s", env: { GIVEN: "g" } }))).toBe("s");
  expect(await at.open.type({ id: "s", text: "export KEPT=5\n", on: atPrompt })).toBe(true);
  const on = [{ event: "/said-(\\w+)-(\\w+)\\./", return: "{{event.matches[0][1]}} {{event.matches[0][2]}}" }];
  expect(await at.open.type({ id: "s", text: 'echo "said-$KEPT-$GIVEN."\n', on })).toBe("5 g");
  expect(await at.open.type({ id: "s", text: "true\n", on: undefined })).toBeUndefined();
  expect(at.open.count).toBe(1);
  await at.open.stop("s");
  expect(at.open.count).toBe(0);
  await expect(at.open.type({ id: "s", text: "x", on: undefined })).rejects.toThrow("shell s does not exist");
});

test("a program that asks is answered", async () => {
  await using at = shells();
  const command = `printf 'Your na%s? ' me; read X; printf 'got-%s.\\n' "$X"; sleep 30`;
  const result = await at.open.run(at.order({ id: "q", command, on: [{ event: "/Your name\\?/", done: true }] }));
  expect(result).toMatchObject({ id: "q", exitCode: null });
  const on = [{ event: "/got-(\\w+)\\./", return: "{{event.matches[0][1]}}" }];
  expect(await at.open.type({ id: "q", text: "bob\n", on })).toBe("bob");
});

test("an answer that ends where the prompt's mark begins is the answer", async () => {
  await using at = shells();
  // Stands in for a bash whose prompt reaches us in two pieces, the mark alone first.
  const slowPrompt = join(at.folder, "slow-prompt");
  writeFileSync(slowPrompt, SLOW_PROMPT, { mode: 0o755 });
  await at.open.start(at.order({ id: "s", shell: slowPrompt }));
  const on = [{ event: "/from-(s\\w+)/", return: "{{event.matches[0][1]}}" }];
  expect(await at.open.type({ id: "s", text: "ask\n", on })).toBe("session");
});

test("a match names another list and tells the person", async () => {
  await using at = shells();
  const told: unknown[] = [];
  const on = [
    { event: "/up on (\\d+)/", trigger: "restart", once: true },
    { event: "/up on (\\d+)/", notify: { message: "Up on {{event[1]}}" } },
  ];
  const result = await at.open.run(
    at.order({
      command: "echo up on 1; sleep 0.3; echo up on 2",
      on,
      onTrigger: (action, event) => void told.push([action, event[1]]),
      onNotify: (params) => void told.push(params),
    }),
  );
  expect(told).toEqual([["restart", "1"], { message: "Up on 1" }, { message: "Up on 2" }]);
  expect(result.event?.[1]).toBe("1");
});

test("a shell that is not bash gets the command and none of bash's flags", async () => {
  await using at = shells();
  const command = 'echo "$0 runs"; exit 3';
  const result = await at.open.run(at.order({ command, shell: "/bin/sh" }));
  expect(result).toMatchObject({ exitCode: 3, stdout: expect.stringMatching(/^\/bin\/sh runs/) });
  // Stands in for any other: it says what it was started with.
  const other = join(at.folder, "other-shell");
  writeFileSync(other, '#!/bin/bash\nprintf "<%s>" "$@"\n', { mode: 0o755 });
  expect(await at.open.run(at.order({ command: "one two", shell: other }))).toMatchObject({ stdout: "<-c><one two>" });
  const bash = await at.open.run(at.order({ command: 'echo "$BASH_VERSION"', shell: "/bin/bash" }));
  expect(bash.stdout).toMatch(/^\d/);
});

test("a detached shell lets its step go on", async () => {
  await using at = shells();
  const result = await at.open.run(at.order({ id: "d", command: "sleep 30; true", detached: true }));
  expect(result).toMatchObject({ id: "d", status: "started", pid: expect.any(Number) });
  expect(at.open.count).toBe(1);
});

test("a session is remembered as long as something of it lives, since its number is used again", async () => {
  await using world = shells();
  const { open, order } = world;
  await open.run(order({ command: "true" }));
  expect(open.sessions).toEqual([]);
  const { pid } = await open.run(order({ id: "d", command: "sleep 60", detached: true }));
  expect(open.sessions.map(({ leader }) => leader)).toEqual([pid]);
  await open.stop("d");
  expect(open.sessions).toEqual([]);
});

test("how large a terminal is, is told when one is opened and when it is shown otherwise", async () => {
  const told: unknown[] = [];
  await using all = shells({ onResized: (size) => told.push(size) });
  all.open.resize(70, 20); // nobody has a terminal yet, but the next ones are of that size
  await all.open.run(all.order({ id: "q", command: "sleep 300", detached: true }));
  all.open.resize(61, 14);
  await all.open.run(all.order({ command: "true", columns: 300, rows: 9 }));
  expect(told).toEqual([
    { columns: 70, rows: 20 },
    { columns: 61, rows: 14 },
    { columns: 300, rows: 9 },
  ]);
});

test("pipes have no size", async () => {
  const told: unknown[] = [];
  await using all = shells({
    onResized: (size) => told.push(size),
    loadPty: () => Promise.resolve(new Error("none here")),
  });
  await all.open.run(all.order({ command: "true" }));
  all.open.resize(61, 14);
  expect(told).toEqual([]);
});
