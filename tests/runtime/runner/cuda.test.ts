import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { asking, cudaVersion } from "../../../src/runtime/runner/cuda.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const none = () => null;

function program(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
}

test("what the driver says counts before what is installed", async () => {
  using folder = temporaryFolder();
  const ask = asking(() => ({ PATH: folder.path }));
  expect(await cudaVersion(ask, none)).toBeNull();
  program(folder.path, "nvcc", "echo 'Cuda compilation tools, release 11.8, V11.8.89'");
  expect(await cudaVersion(ask, none)).toBe("11.8");
  const file = () => '{"cuda" : {"name" : "CUDA SDK", "version" : "12.4.1"}}';
  expect(await cudaVersion(ask, file)).toBe("12.4");
  program(folder.path, "nvidia-smi", "echo '| NVIDIA-SMI 570.1  Driver Version: 570.1  CUDA Version: 12.8 |'");
  expect(await cudaVersion(ask, file)).toBe("12.8");
  program(folder.path, "nvidia-smi", "echo 'CUDA Version: 12.8'; exit 9");
  expect(await cudaVersion(ask, none)).toBe("11.8");
});
