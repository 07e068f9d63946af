import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { execa } from "execa";
import { BUNDLES, testHome } from "../../helpers/command-line.js";

const PROGRAM = new URL("../../fixtures/programs/reuse-pids.mjs", import.meta.url).pathname;

/** How a program gets process ids of its own, whose next one can be chosen; null where this user may not. */
const ownIds = [[], ["--user", "--map-root-user"]]
  .map((who) => [...who, "--pid", "--fork", "--mount-proc", "--kill-child"])
  .find(
    (flags) => spawnSync("unshare", [...flags, "sh", "-c", "echo 300 > /proc/sys/kernel/ns_last_pid"]).status === 0,
  );

(ownIds === undefined ? test.skip : test)(
  "whoever got the process id of something that is gone is left alone",
  async () => {
    await using home = testHome();
    const folder = join(home.path, "api/app");
    mkdirSync(folder, { recursive: true });
    const shells = [join(folder, "shell"), join(folder, "background-shell")] as const;
    const script = {
      daemon: true,
      run: [
        { method: "shell.run", params: { message: `echo $$ > '${shells[0]}'` } },
        { method: "shell.run", daemon: true, params: { message: `echo $$ > '${shells[1]}'` } },
        { method: "shell.run", params: { message: "echo up; sleep 600", on: [{ event: "/up/", done: true }] } },
      ],
    };
    writeFileSync(join(folder, "start.json"), JSON.stringify(script));
    const { PINOKIOCLOUD_NODE: node = process.execPath, ...env } = home.environment();
    const driver = [node, PROGRAM, join(BUNDLES, "cli.mjs"), home.path, join(folder, "start.json"), ...shells];
    // The first of the ids takes over whatever loses its parent, as init does.
    const { stdout } = await execa("unshare", [...(ownIds ?? []), "bash", "-c", '"$@"; exit $?', "init", ...driver], {
      env: { ...env, PINOKIOCLOUD_NODE: node },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      afterStop: [true, true],
      others: [true, true, true],
      isNewSidecar: true,
      running: false,
      end: { outcome: "crashed", error: { code: "runner-lost" } },
    });
  },
);
