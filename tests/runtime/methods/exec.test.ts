import { expect, test } from "@jest/globals";
import { exec } from "../../../src/runtime/methods/exec.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";

const run = (params: unknown) => callChecked(exec, params, fakeContext({ cwd: "/" }));

test("gives what the command printed", async () => {
  expect(await run({ message: 'printf "$EX"; printf e >&2', env: { EX: "v1" } })).toEqual({
    stdout: "v1",
    stderr: "e",
    error: null,
  });
  expect(await run({ message: "pwd", path: "tmp" })).toMatchObject({ stdout: "/tmp\n" });
});

test("an exit code is an error", async () => {
  await expect(run({ message: "echo why >&2; exit 3" })).rejects.toThrow("exit code 3: why");
});
