import { plainPreview, refusal, type Repairer } from "./repair.js";

export const updateApp: Repairer<"update-app"> = {
  kind: "update-app",
  isPossible: (_, { canUpdate }) => canUpdate(),
  preview: (_, { app, canUpdate }) =>
    Promise.resolve(
      plainPreview(
        "Runs the app's update script, which loads its newest version",
        app === null
          ? "The script belongs to no app"
          : canUpdate()
            ? null
            : "The app has no update script: install it again from where it came",
      ),
    ),
  run: async (params, world) => {
    const refused = refusal(await updateApp.preview(params, world));
    if (refused !== null) return refused;
    await world.updateApp();
    return { done: true, said: "The app is being updated; start it again afterwards" };
  },
};
