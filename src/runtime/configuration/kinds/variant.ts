import type { ConfigChoice } from "../../protocol/config.js";
import type { Recognise } from "./kind.js";

const choices = (words: Readonly<Record<string, string>>): ConfigChoice[] =>
  Object.entries(words).map(([value, help]) => ({ value, label: value, ...(help === "" ? {} : { help }) }));

/** Ways to keep a model's numbers, by the words that programs use for them. */
const FAMILIES: readonly { name: RegExp; value: RegExp; choices: ConfigChoice[] }[] = [
  {
    name: /(?:dtype|precision)$/,
    value: /^(?:float(?:8_e4m3fn|8_e5m2|16|32|64)|bfloat16|half)$/i,
    choices: choices({
      auto: "",
      float32: "exact, twice the memory",
      float16: "half the memory",
      bfloat16: "half the memory, from RTX 30 on",
    }),
  },
  {
    name: /(?:dtype|precision|variant|quant\w*)$/,
    value: /^(?:fp(?:4|8|16|32|64)|bf16|tf32|int[48]|nf4|fp8_\w+|mixed)$/i,
    choices: choices({
      fp32: "exact, the most memory",
      fp16: "half the memory",
      bf16: "half the memory, from RTX 30 on",
      fp8: "a quarter, from RTX 40 on",
      int8: "a quarter of the memory",
      int4: "an eighth, less exact",
      nf4: "an eighth, made for fine-tuning",
    }),
  },
  {
    name: /(?:quant\w*|variant|gguf\w*)$/,
    value: /^i?q\d(?:_(?:\d|k|k_[sml]|xs|xxs|nl))?$/i,
    choices: choices({
      q2_k: "smallest, clearly worse",
      q3_k_m: "small",
      q4_0: "",
      q4_k_m: "small and good: the usual one",
      q5_k_m: "better, larger",
      q6_k: "nearly exact",
      q8_0: "as good as exact",
      f16: "exact",
    }),
  },
];

const BITS = choices({ "4": "smallest", "8": "half the size of 16", "16": "", "32": "exact" });

/** Types and quantisation variants: known by their value, or by their name where the value says nothing. */
export const variant: Recognise = ({ name, value }) => {
  const text = value === null ? "" : String(value);
  const family =
    FAMILIES.find((one) => one.value.test(text)) ??
    (/^(?:auto|none|)$/i.test(text) ? FAMILIES.find((one) => one.name.test(name)) : undefined);
  if (family !== undefined) return { kind: "choice", choices: inCase(family.choices, text), open: true };
  const isBits = /^(?:load_in_)?(?:n_?)?bits$|quant\w*_bits$/.test(name) && /^(?:4|8|16|32)$/.test(text);
  return isBits ? { kind: "choice", choices: BITS, open: true } : null;
};

/** In capital letters where the app writes them so; what it has is always one of them. */
function inCase(known: readonly ConfigChoice[], value: string): ConfigChoice[] {
  const isLoud = value !== "" && value === value.toUpperCase() && value !== value.toLowerCase();
  const cased = known.map((one) => {
    const word = isLoud ? one.value.toUpperCase() : one.value;
    return { ...one, value: word, label: word };
  });
  const isThere = value === "" || cased.some((one) => one.value === value);
  return isThere ? cased : [{ value, label: value }, ...cased];
}
