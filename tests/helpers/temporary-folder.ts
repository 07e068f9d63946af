import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for one test, removed when its scope ends. */
export function temporaryFolder(): Disposable & { path: string } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "pk-")));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
