import { plainPreview, type Repairer } from "./repair.js";

const shown = (env: Record<string, string>): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");

export const lowerMemory: Repairer<"lower-memory"> = {
  kind: "lower-memory",
  preview: ({ env, flags }) =>
    Promise.resolve(
      plainPreview(
        `Starts it again with ${shown(env)}${flags.length === 0 ? "" : `; many programs also take ${flags.join(" or ")}`}`,
      ),
    ),
  run: async ({ env }, world) => {
    await world.startScript("same", { env });
    return { done: true, said: `It was started again with ${shown(env)}` };
  },
};
