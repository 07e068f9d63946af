import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommandLine } from "./cli/program.js";

process.stdout.on("error", () => process.exit(0)); // `| head` has seen enough
process.exitCode = await runCommandLine(process.argv.slice(2), dirname(fileURLToPath(import.meta.url)));
