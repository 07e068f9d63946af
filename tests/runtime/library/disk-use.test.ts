import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { createDiskUse } from "../../../src/runtime/library/disk-use.js";
import type { MeasuredDisk } from "../../../src/runtime/library/statistics.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { measureFolder, stampOfFolder } from "../../../src/runtime/storage/folder-size.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const HELLO = AppId.parse("hello");
const HOUR = 3_600_000;

function put(root: string, name: string, bytes = 10_000): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), Buffer.alloc(bytes, 1));
}

function testApp() {
  const folder = temporaryFolder();
  const world = { now: Date.parse("2026-01-01"), ranAt: null as number | null, isWatched: true, measured: 0 };
  let known: MeasuredDisk | null = null;
  const disk = createDiskUse({
    ids: () => [HELLO],
    measure: (_, signal) => {
      world.measured++;
      return measureFolder(folder.path, { signal });
    },
    stampOf: () => stampOfFolder(folder.path),
    lastRanAt: () => world.ranAt,
    known: () => known,
    note: (_, found) => void (known = found),
    isWatched: () => world.isWatched,
    now: () => world.now,
  });
  const size = async () => (await disk.measured([HELLO]))[HELLO]!;
  return { path: folder.path, world, disk, size, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test("environments are counted apart, links are not followed, and two names of one file count once", async () => {
  using app = testApp();
  put(app.path, "server.py");
  put(app.path, "app/outputs/picture.png");
  linkSync(join(app.path, "server.py"), join(app.path, "same.py"));
  using elsewhere = temporaryFolder();
  put(elsewhere.path, "model.bin", 5_000_000);
  symlinkSync(elsewhere.path, join(app.path, "models"));
  put(app.path, "env/pyvenv.cfg", 10);
  put(app.path, "env/lib/torch.so", 400_000);
  put(app.path, "web/node_modules/vite/index.js", 400_000);
  const { filesBytes, environmentsBytes } = await app.size();
  expect(filesBytes).toBeGreaterThanOrEqual(20_000);
  expect(filesBytes).toBeLessThan(200_000);
  expect(environmentsBytes).toBeGreaterThanOrEqual(800_000);
  expect(environmentsBytes).toBeLessThan(1_000_000);
});

test("it is measured again only where it may have changed", async () => {
  using app = testApp();
  put(app.path, "app/outputs/one.png");
  const first = await app.size();
  await app.size();
  expect(app.world.measured).toBe(1);

  put(app.path, "app/outputs/two.png", 50_000);
  app.world.now += 60_000;
  expect((await app.size()).filesBytes).toBeGreaterThan(first.filesBytes);
  expect(app.world.measured).toBe(2);

  app.world.ranAt = Infinity; // it runs, and may write all the time
  await app.size();
  expect(app.world.measured).toBe(2);
  app.world.now += HOUR;
  await app.size();
  expect(app.world.measured).toBe(3);
  app.world.ranAt = app.world.now + 1;
  app.world.now += 10;
  await app.size();
  expect(app.world.measured).toBe(4);
  app.world.now += 25 * HOUR;
  await app.size();
  expect(app.world.measured).toBe(5);
});

test("nobody who looks means nothing is measured", async () => {
  using app = testApp();
  app.world.isWatched = false;
  expect(app.disk.look([HELLO])).toEqual({});
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(app.world.measured).toBe(0);
  expect(await app.size()).toBeDefined(); // who waits for the answer does look
});
