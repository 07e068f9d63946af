// What a person downloads and a page loads.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync, gzipSync } from "node:zlib";

export const name = "Sizes";

const HARD_DEPENDENCIES = fileURLToPath(new URL("./lib/hard_dependencies.py", import.meta.url));

export async function run({ root, staticDir, python, wheel }) {
  const packages = JSON.parse(execFileSync(python, [HARD_DEPENDENCIES, wheel], { encoding: "utf8" }));
  const downloads = packages.map((each) => ({
    name: `${each.name} ${each.version}`,
    bytes: downloadBytes(each.files),
  }));
  const wheelBytes = statSync(wheel).size;
  const total = downloads.reduce((sum, { bytes }) => sum + bytes, wheelBytes);

  const gzipped = (file) => ({ value: gzipSync(readFileSync(file), { level: 9 }).length / 1e3, unit: "KB gzipped" });
  const plain = (file) => ({ value: statSync(file).size / 1e3, unit: "KB" });
  const bundle = (file) => join(staticDir, file);
  return [
    { name: "view.mjs", ...gzipped(bundle("view.mjs")), aim: "≤ 300", peer: sizeOf(bundle("view.mjs")) },
    { name: "stub.mjs", ...plain(bundle("stub.mjs")), aim: "< 1" },
    { name: "sidecar.mjs", ...plain(bundle("sidecar.mjs")), aim: "≤ 1500" },
    ...["runner.mjs", "launcher-host.mjs", "check-host.mjs", "screen-host.mjs", "cli.mjs"].map((file) => ({
      name: file,
      ...plain(bundle(file)),
    })),
    { name: "JupyterLab extension", ...labextension(join(root, "pinokiocloud/labextension/static")) },
    { name: "wheel", value: wheelBytes / 1e6, unit: "MB" },
    { name: "Python packages to install", value: packages.length + 1, unit: "", aim: "≤ 3" },
    ...downloads.map((each) => ({ name: `download of ${each.name}`, value: each.bytes / 1e6, unit: "MB, about" })),
    { name: "download of everything", value: total / 1e6, unit: "MB, about" },
  ];
}

const sizeOf = (file) => `${(statSync(file).size / 1e3).toFixed(0)} KB as it is`;

/** What a page that opens the panel loads: all scripts, since each is small. */
function labextension(folder) {
  const scripts = readdirSync(folder).filter((file) => file.endsWith(".js"));
  const bytes = scripts.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length, 0);
  return { value: bytes / 1e3, unit: "KB gzipped" };
}

/** A wheel is a zip file, so packing the installed files again tells its size without asking a server. */
const downloadBytes = (files) =>
  files.reduce((sum, file) => sum + deflateRawSync(readFileSync(file), { level: 6 }).length, 0);
