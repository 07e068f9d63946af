import * as z from "zod";
import { defineMethod } from "./method.js";

export const jump = defineMethod({
  summary: "Go on at another step",
  params: z.looseObject({
    id: z.unknown().optional().describe("Id of the step; the last one of that name counts"),
    index: z.unknown().optional().describe("Number of the step, from 0; null ends the script"),
    params: z.unknown().optional().describe("What that step gets as input"),
    input: z.unknown().optional().describe("The same, when params is missing"),
  }),
  run: (params, context) => {
    if (Object.hasOwn(params, "index")) context.jump({ index: params.index });
    else context.jump({ id: params.id });
    return Promise.resolve(params.params || params.input);
  },
});
