// Prints so many packages. Not run as it is: it is bundled with the sources first.
//   <built-in catalog> <packages>
import { readFileSync } from "node:fs";
import { manyPackages } from "./many-packages.mjs";

const { packages } = await manyPackages(JSON.parse(readFileSync(process.argv[2], "utf8")), Number(process.argv[3]));
process.stdout.write(JSON.stringify(packages));
