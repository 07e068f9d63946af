import { plainPreview, refusal, type Repairer } from "./repair.js";

/** The name may come from what a program printed; variables that steer programs are not set that way. */
const SECRET = /^[A-Z][A-Z0-9_]{0,60}_(?:KEY|TOKEN)$/;

export const setToken: Repairer<"set-token"> = {
  kind: "set-token",
  preview: ({ name }) =>
    Promise.resolve(
      plainPreview(
        `Asks you for ${name}, keeps it for the app and starts it again`,
        SECRET.test(name) ? null : `${JSON.stringify(name)} is no name of a token`,
      ),
    ),
  run: async (params, world) => {
    const refused = refusal(await setToken.preview(params, world));
    if (refused !== null) return refused;
    if (!(await world.setToken(params.name, params.page))) return { done: false, said: `${params.name} was not given` };
    await world.startScript("same");
    return { done: true, said: `${params.name} is set and it was started again` };
  },
};
