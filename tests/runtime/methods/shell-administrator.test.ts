import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, jest, test } from "@jest/globals";
import { findProgram } from "../../../src/runtime/base/find-program.js";
import type { Programs } from "../../../src/runtime/methods/method.js";
import { shell } from "../../../src/runtime/methods/shell.js";
import { fakeContext, noShells } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const SUDO = new URL("../../fixtures/programs/stand-in-sudo.sh", import.meta.url).pathname;

afterEach(() => void jest.restoreAllMocks());

/** Runs `shell.run` as some user, on a machine with or without sudo, and gives what its command printed. */
async function run(uid: number, { hasSudo = true, asks = false } = {}): Promise<string> {
  using folder = temporaryFolder();
  const bin = join(folder.path, "bin");
  mkdirSync(bin);
  if (hasSudo) {
    cpSync(SUDO, join(bin, "sudo"));
    chmodSync(join(bin, "sudo"), 0o755);
  }
  const env = { PATH: `${bin}:/usr/bin:/bin`, OF_STEP: "it's", ...(asks ? { SUDO_ASKS: "1" } : {}) };
  const find = (name: string): string | null => findProgram(name, bin);
  const programs: Programs = {
    find,
    run: ({ program, args }) => {
      try {
        execFileSync(find(program) ?? program, args, { env, stdio: "pipe" });
        return Promise.resolve({ exitCode: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) });
      } catch {
        return Promise.resolve({ exitCode: 1, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) });
      }
    },
  };
  let printed = "";
  const context = fakeContext({
    cwd: folder.path,
    programs,
    shells: {
      ...noShells(),
      run: ({ command }) => {
        printed = execFileSync("/bin/bash", ["--norc", "-c", command], { env, encoding: "utf8" }).replaceAll(
          folder.path,
          "~",
        );
        return Promise.resolve({
          id: "1",
          stdout: printed,
          response: printed,
          event: undefined,
          error: undefined,
          exitCode: 0,
        });
      },
    },
  });
  jest.spyOn(process, "getuid").mockReturnValue(uid);
  const params = { message: `echo "$AS_ADMINISTRATOR it's $OF_STEP $PATH"`, sudo: true };
  await shell.run.run(shell.run.params.parse(params), context);
  return printed.trim();
}

test("root runs the command as it is", async () => {
  expect(await run(0, { hasSudo: false })).toBe("it's it's ~/bin:/usr/bin:/bin");
});

test("with a sudo that asks for no password it is the administrator's, who sees what the step sees", async () => {
  expect(await run(1000)).toBe("yes it's it's ~/bin:/usr/bin:/bin");
});

test("a password that nobody can type is an error before anything runs", async () => {
  await expect(run(1000, { asks: true })).rejects.toMatchObject({
    code: "step-failed",
    message: expect.stringContaining("password"),
  });
});

test("no sudo is an error", async () => {
  await expect(run(1000, { hasSudo: false })).rejects.toMatchObject({ code: "tool-missing" });
});
