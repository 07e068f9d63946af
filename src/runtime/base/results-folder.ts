import { dirname } from "node:path";

const RESULTS = /^(?:outputs?|results?)$/i;

/** Whether a folder of this name holds what programs make for a person. */
export const isResultsFolder = (name: string): boolean => RESULTS.test(name);

export const liesInResults = (path: string): boolean => dirname(path).split("/").some(isResultsFolder);
