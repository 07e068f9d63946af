import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ShortageTeller } from "../../../src/runtime/sidecar/shortages.js";

const GB = 1e9;
const MB = 1024 ** 2;

test("a full disk is told with what lies in the home, measured then", async () => {
  const home = mkdtempSync(join(tmpdir(), "pinokiocloud-shortage-"));
  try {
    const place = (path: string, bytes: number) => {
      mkdirSync(join(home, path, ".."), { recursive: true });
      writeFileSync(join(home, path), Buffer.alloc(bytes, 1));
    };
    place("cache/PIP_CACHE_DIR/wheel", 12 * MB);
    place("cache/HF_HOME/model.bin", 15 * MB); // somebody's choice
    place("api/comfyui/model.bin", 20 * MB);
    place("api/hello/server.py", 100);
    const told: string[] = [];
    const teller = new ShortageTeller({
      paths: { home, trash: join(home, "trash"), api: join(home, "api") },
      apps: () => ["hello", "comfyui"],
      nameOf: (run) => run,
      usage: () =>
        Promise.resolve({
          disk: { freeBytes: GB, totalBytes: 100 * GB },
          memory: { usedBytes: GB, totalBytes: 10 * GB },
          runs: {},
        }),
      tell: (message, hint) => void told.push(`${message}. ${hint}`),
    });
    await teller.look();
    await teller.look();
    expect(told).toEqual([
      "The disk is nearly full: 954 MB are free. 12 MB in caches can go without loss; the largest app is comfyui (20 MB)",
    ]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
