// Scripts that write down when they came to certain steps. They run in our engine and in Pinokio's alike.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A step that writes down when it was reached and how much memory its process has. */
export const MARK = "{ method: mark }";

export const step = (method, params) => JSON.stringify({ method, params });

/** The same step so many times. */
export const times = (count, text) => `...Array.from({ length: ${count} }, () => (${text}))`;

/** Writes a script of these steps into an app of a home. */
export function placeScript(home, name, steps) {
  const file = join(home, "api", "bench", `${name}.js`);
  const marks = join(dirname(home), `${name}.marks`);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(marks, { force: true });
  writeFileSync(
    file,
    `const { appendFileSync } = require("node:fs");
const mark = () => {
  const now = process.hrtime.bigint();
  appendFileSync(${JSON.stringify(marks)}, \`\${now} \${process.memoryUsage.rss()}\\n\`);
};
module.exports = { run: [${steps.join(", ")}] };
`,
  );
  return {
    file,
    /** What the script has written down, and forgets it. Times are in ms, on the clock that all processes share. */
    takeMarks: () => {
      if (!existsSync(marks)) throw new Error(`${file} came to none of its marks.`);
      const lines = readFileSync(marks, "utf8").trim().split("\n");
      rmSync(marks);
      return lines.map((line) => {
        const [now, rss] = line.split(" ").map(Number);
        return { ms: now / 1e6, rss: rss / 1e6 };
      });
    },
  };
}

export const clockMs = () => Number(process.hrtime.bigint()) / 1e6;
