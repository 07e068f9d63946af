import { plainPreview, type Repairer } from "./repair.js";

export const updateApp: Repairer<"update-app"> = {
  kind: "update-app",
  preview: (_, { app }) =>
    Promise.resolve(
      plainPreview("Loads the app's newest version", app === null ? "The script belongs to no app" : null),
    ),
  run: async (_, world) => {
    if (world.app === null) return { done: false, said: "The script belongs to no app" };
    await world.updateApp();
    return { done: true, said: "The app was updated" };
  },
};
