import { rmSync, statSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { listenOn } from "../../../src/runtime/base/listen.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const canConnect = (path: string) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });

test("only its owner may use the socket", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "s");
  const listener = await listenOn(path, (socket) => socket.destroy());
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await listener.close();
  expect(() => statSync(path)).toThrow(/ENOENT/);
});

test("a socket that is removed comes back", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "s");
  let restored = () => {};
  const back = new Promise<void>((resolve) => (restored = resolve));
  const listener = await listenOn(path, (socket) => socket.destroy(), {
    checkEveryMs: 50,
    onRestored: () => restored(),
  });
  rmSync(path);
  expect(await canConnect(path)).toBe(false);
  await back;
  expect(await canConnect(path)).toBe(true);
  await listener.close();
});

test("a path that is too long is refused in words", async () => {
  await expect(listenOn(`/tmp/${"x".repeat(120)}`, () => undefined)).rejects.toMatchObject({
    message: expect.stringMatching(/longer than 107/),
  });
});
