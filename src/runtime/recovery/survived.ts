import type { Seen } from "./detector.js";

const EXTRAS = /A matching Triton is not available|some optimi[sz]ations will not be enabled/;

/** Some libraries print the whole traceback of an extra that they go on without. */
export const isSurvived = (seen: Seen): boolean => seen.before(EXTRAS) !== null;

/** Programs tell of each try; only one that gives up soon after has failed of it. */
export const isGivenUp = (seen: Seen): boolean =>
  !/\bretry(?:ing)?\b/i.test(seen.text) || seen.after(/^\s*(?:ERROR|error|fatal): /) !== null;
