import { conda } from "./conda.js";
import { venv } from "./venv.js";

/** Every kind of environment a step can ask for, by the name of the step's parameter. */
export const environmentKinds = { conda, venv };
