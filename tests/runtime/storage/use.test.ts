import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { treeSize } from "../../../src/runtime/base/tree-size.js";
import { EnvironmentCache } from "../../../src/runtime/environments/environment-cache.js";
import { KnownEnvironments } from "../../../src/runtime/environments/known-environments.js";
import { measureFolder } from "../../../src/runtime/storage/folder-size.js";
import { homePaths } from "../../../src/runtime/storage/paths.js";
import { measureUse } from "../../../src/runtime/storage/use.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function write(path: string, bytes = 20_000): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.alloc(bytes, 1));
  return path;
}

const bytesOf = async (home: string, kind: string): Promise<number> =>
  (await measureUse(homePaths(home))).kinds.find((one) => one.kind === kind)?.bytes ?? -1;

test("an environment has one size in every list", async () => {
  using home = temporaryFolder();
  const path = join(home.path, "api/demo/env");
  write(join(path, "pyvenv.cfg"), 10);
  for (let at = 0; at < 30; at++) write(join(path, `lib/python3.11/site-packages/p${at}/x.py`));
  const known = new KnownEnvironments({
    home: home.path,
    cache: new EnvironmentCache({ file: join(home.path, "environments.json"), isWritable: false }),
    holds: () => [],
    onMeasured: () => undefined,
  });
  const { bytes } = await known.show("api/demo/env");
  known.close();
  expect(bytes).toBeGreaterThan(30 * 20_000);
  expect((await measureFolder(join(home.path, "api/demo"))).environmentsBytes).toBe(bytes);
  expect(await bytesOf(home.path, "environments")).toBe(bytes);
});

test("content with two names counts once, with what is no cache; links count as links", async () => {
  using home = temporaryFolder();
  const wheel = write(join(home.path, "cache/UV_CACHE_DIR/torch.so"), 500_000);
  const inUse = write(join(home.path, "api/demo/env/pyvenv.cfg"), 10);
  linkSync(wheel, join(dirname(inUse), "torch.so"));
  symlinkSync(wheel, join(home.path, "api/demo/link"));
  expect(await bytesOf(home.path, "cache")).toBeLessThan(100_000);
  expect(await bytesOf(home.path, "environments")).toBeGreaterThanOrEqual(500_000);
  expect(await bytesOf(home.path, "apps")).toBeLessThan(100_000);
});

test("models that apps fetched into the home's cache are told with the shared models", async () => {
  using home = temporaryFolder();
  write(join(home.path, "cache/HF_HOME/hub/models--a--b/blobs/0"), 400_000);
  write(join(home.path, "drive/loras/x.safetensors"), 300_000);
  write(join(home.path, "cache/PIP_CACHE_DIR/x"), 100_000);
  const { bytes } = await treeSize(["drive", "cache/HF_HOME"].map((place) => join(home.path, place)));
  expect(await bytesOf(home.path, "models")).toBe(bytes);
  expect(await bytesOf(home.path, "cache")).toBeLessThan(200_000);
});
