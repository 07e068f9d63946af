import * as z from "zod";
import { defineMethod } from "./method.js";

export const script = {
  return: defineMethod({
    summary: "Give a value to whoever started this script; only the last step's value reaches them",
    params: z.unknown().describe("The value"),
    run: (params) => Promise.resolve(params),
  }),
};
