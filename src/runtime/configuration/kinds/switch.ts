import type { Recognise } from "./kind.js";

const WORDS = /^(?:true|false|yes|no|on|off)$/i;
const NAMES =
  /(?:^|_)(?:enable[ds]?|disable[ds]?|use|allow|is|has|share|debug|verbose|headless|analytics|fallback|skip|no|force)(?:_|$)/;

/** True or false, in whatever words it is written; 0 and 1 where the name says so. */
export const onOff: Recognise = ({ value, name, isText }) => {
  if (typeof value === "boolean") return { kind: "switch" };
  const text = String(value);
  if (typeof value === "string" && WORDS.test(text)) return { kind: "switch" };
  return isText && /^[01]$/.test(text) && NAMES.test(name) ? { kind: "switch" } : null;
};
