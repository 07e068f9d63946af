import type { Recognise } from "./kind.js";

/** A TCP port; whether it is free is looked up where it is asked. */
export const port: Recognise = ({ name, value }) => {
  if (!/(?:^|_)port$/.test(name)) return null;
  const isPort = value === null || value === "" || /^\d{1,5}$/.test(String(value));
  return isPort ? { kind: "port", whole: true, min: 1, max: 65_535 } : null;
};
