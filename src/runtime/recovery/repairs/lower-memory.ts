import { plainPreview, type Repairer } from "./repair.js";

const shown = (env: Record<string, string>, flag: string | null): string =>
  [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...(flag === null ? [] : [flag])].join(" ");

/** A variable is for this one start; a flag is what a person would set for an app that needs it. */
export const lowerMemory: Repairer<"lower-memory"> = {
  kind: "lower-memory",
  preview: async ({ env, flags }, world) => {
    const flag = await world.flagToSet(flags);
    const advice = flags.length === 0 || flag !== null ? "" : `; many programs also take ${flags.join(" or ")}`;
    const stays = flag === null ? "" : `; ${flag} stays set, among the settings of the app`;
    return plainPreview(`Starts it again with ${shown(env, flag)}${stays}${advice}`);
  },
  run: async ({ env, flags }, world) => {
    const flag = await world.flagToSet(flags);
    if (flag !== null) await world.setFlag(flag);
    await world.startScript("same", { env });
    return { done: true, said: `It was started again with ${shown(env, flag)}` };
  },
};
