import * as z from "zod";
import { PinokioError } from "../protocol/errors.js";
import { defineMethod } from "./method.js";

const NAME = /^[A-Za-z_][\w.-]*$/;

function checkNames(values: Record<string, unknown>): void {
  const wrong = Object.keys(values).find((name) => !NAME.test(name));
  if (wrong === undefined) return;
  throw new PinokioError("script-invalid", `"${wrong}" cannot be the name of a variable`, {
    hint: "Names hold letters, digits and underscores",
  });
}

/** The app's ENVIRONMENT file. */
export const env = {
  set: defineMethod({
    summary: "Change lines of the app's ENVIRONMENT file; the next step sees them",
    params: z.record(z.string(), z.unknown()).describe('Values by name, such as {"MODEL": "large"}'),
    run: (params, context) => {
      checkNames(params);
      const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== null);
      context.setEnvironment(Object.fromEntries(given.map(([name, value]) => [name, String(value)])));
      return Promise.resolve(undefined);
    },
  }),

  switch: defineMethod({
    summary: "Change variables to the next value of a list; after the last comes the first",
    params: z.record(z.string(), z.array(z.unknown())).describe('Values by name, such as {"MODE": ["a", "b"]}'),
    run: (params, context) => {
      checkNames(params);
      const now = context.env();
      const changes: Record<string, string> = {};
      for (const [name, list] of Object.entries(params)) {
        const values = list.map(String);
        const current = now[name];
        const index = current === undefined || current === "" ? -1 : values.indexOf(current);
        if (index < 0 && current !== undefined && current !== "") continue; // somebody's own value stays
        const next = values[(index + 1) % values.length];
        if (next !== undefined) changes[name] = next;
      }
      context.setEnvironment(changes);
      return Promise.resolve(undefined);
    },
  }),
};
