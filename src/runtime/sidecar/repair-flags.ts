import type { Configuration } from "../configuration/configuration.js";
import type { ConfigField } from "../protocol/config.js";
import type { Run } from "../protocol/runs.js";
import type { RepairWorld } from "../recovery/repairs/repair.js";

/** Sets flags of the programs that a script starts, as a person does among an app's settings. */
export function repairFlags(
  configuration: () => Pick<Configuration, "form" | "set">,
  { appId, script }: Run,
): Pick<RepairWorld, "flagToSet" | "setFlag"> {
  const switches = async (): Promise<ConfigField[]> => {
    if (appId === null) return [];
    const { sections } = await configuration().form(appId);
    const own = sections.filter(({ id }) => id === `flags ${script.slice(appId.length + 1)}`);
    return own.flatMap(({ fields }) => fields).filter(({ kind }) => kind === "switch");
  };
  return {
    flagToSet: async (flags) => {
      const offered = await switches().catch(() => []);
      if (offered.some(({ key, value }) => flags.includes(key) && value === true)) return null;
      return flags.find((flag) => offered.some(({ key }) => key === flag)) ?? null;
    },
    setFlag: async (flag) => {
      const field = (await switches()).find(({ key }) => key === flag);
      if (field !== undefined && appId !== null) await configuration().set(appId, [{ field: field.id, value: true }]);
    },
  };
}
