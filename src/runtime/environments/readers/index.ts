import { condaReader } from "./conda.js";
import { nodeModulesReader } from "./node-modules.js";
import type { EnvironmentReader } from "./reader.js";
import { venvReader } from "./venv.js";

/** Who reads which kind of environment; the first that knows a folder reads it. */
export const environmentReaders: readonly EnvironmentReader[] = [nodeModulesReader, condaReader, venvReader];
