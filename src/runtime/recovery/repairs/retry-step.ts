import { plainPreview, type Repairer } from "./repair.js";

export const retryStep: Repairer<"retry-step"> = {
  kind: "retry-step",
  preview: ({ waitMs }) =>
    Promise.resolve(plainPreview(waitMs === 0 ? "Starts it again" : `Starts it again in ${waitMs / 1000} s`)),
  run: async ({ waitMs }, { startScript }) => {
    await startScript("same", { afterMs: waitMs });
    return { done: true, said: waitMs === 0 ? "It was started again" : `It starts again in ${waitMs / 1000} s` };
  },
};
