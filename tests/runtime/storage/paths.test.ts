import { chmodSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { localPaths } from "../../../src/runtime/storage/paths.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const place = { env: {}, uid: 123456, temporaryFolder: "/tmp" };

test("a home's socket path is short, however long the home's", () => {
  const { socket } = localPaths(`/mnt/${"deep/".repeat(60)}`, place);
  expect(socket.length).toBeLessThan(60);
});

test("two homes never share a folder, two users neither", () => {
  const folders = [localPaths("/a", place), localPaths("/b", place), localPaths("/a", { ...place, uid: 7 })].map(
    ({ folder }) => folder,
  );
  expect(new Set(folders).size).toBe(3);
});

test("XDG_RUNTIME_DIR is used when it is a private folder of this user, and only then", () => {
  using folder = temporaryFolder();
  const uid = process.getuid!();
  chmodSync(folder.path, 0o700);
  const env = { XDG_RUNTIME_DIR: folder.path };
  expect(localPaths("/a", { ...place, uid, env }).folder).toMatch(folder.path);
  expect(localPaths("/a", { ...place, uid: uid + 1, env }).folder).toMatch(/^\/tmp\/pinokiocloud-/);
  expect(localPaths("/a", { ...place, uid: 424242, env: { XDG_RUNTIME_DIR: "/gone" } }).folder).toMatch(/^\/tmp\//);
});
