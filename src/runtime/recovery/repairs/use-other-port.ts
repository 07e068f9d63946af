import { plainPreview, type Repairer } from "./repair.js";

/** Variables by which programs let themselves be told a port. */
const PORT_VARIABLES = ["PORT", "GRADIO_SERVER_PORT", "SERVER_PORT", "STREAMLIT_SERVER_PORT"];

export const useOtherPort: Repairer<"use-other-port"> = {
  kind: "use-other-port",
  preview: () =>
    Promise.resolve(
      plainPreview(
        `Starts it again with a free port in ${PORT_VARIABLES.join(", ")}; a port that is fixed in its script stays`,
      ),
    ),
  run: async (_, world) => {
    const port = String(await world.freePort());
    await world.startScript("same", { env: Object.fromEntries(PORT_VARIABLES.map((name) => [name, port])) });
    return { done: true, said: `It was started again with port ${port}` };
  },
};
