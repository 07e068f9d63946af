import { choice } from "./choice.js";
import { gpu } from "./gpu.js";
import type { Hint, Recognise, Rules } from "./kind.js";
import { model } from "./model.js";
import { number } from "./number.js";
import { path } from "./path.js";
import { port } from "./port.js";
import { secret } from "./secret.js";
import { onOff } from "./switch.js";
import { variant } from "./variant.js";

/** The first that recognises a setting decides. */
const kinds: readonly Recognise[] = [secret, gpu, port, onOff, choice, variant, model, path, number];

export function recognise(hint: Hint): Rules {
  for (const kind of kinds) {
    const rules = kind(hint);
    if (rules !== null) return rules;
  }
  return { kind: typeof hint.value === "string" && /[\r\n]/.test(hint.value) ? "lines" : "text" };
}
