// A script that goes round a million times must not grow.
import { MARK, placeScript, step } from "../lib/marked-scripts.mjs";
import { openOurEngine } from "../lib/our-engine.mjs";
import { growthRows } from "../lib/growth.mjs";

export const name = "Soak: a million steps";

export async function run(context) {
  const rounds = context.quick ? 50_000 : 500_000; // of two steps
  const ours = await openOurEngine(context);
  try {
    const script = placeScript(ours.home, "loop", [
      MARK,
      step("local.set", { n: "{{(local.n || 0) + 1}}" }),
      `{ when: "{{local.n < ${rounds}}}", ...${step("jump", { index: `{{local.n % ${rounds / 10} === 0 ? 0 : 1}}` })} }`,
      MARK,
    ]);
    const { marks } = await ours.run(script);
    const microseconds = ((marks.at(-1).ms - marks[0].ms) * 1e3) / rounds / 2;
    return [{ name: "step", value: microseconds, unit: "µs" }, ...growthRows(marks)];
  } finally {
    await ours.end();
  }
}
