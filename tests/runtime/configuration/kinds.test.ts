import { expect, test } from "@jest/globals";
import { declaredFlags } from "../../../src/runtime/configuration/argparse.js";
import type { Plain } from "../../../src/runtime/configuration/formats/format.js";
import { recognise } from "../../../src/runtime/configuration/kinds/index.js";
import { nameOf } from "../../../src/runtime/configuration/kinds/kind.js";
import { labelOf } from "../../../src/runtime/configuration/words.js";

const MACHINE = {
  gpus: [
    { index: 0, name: "L4" },
    { index: 1, name: "L4" },
  ],
  models: [{ name: "checkpoints", path: "/drive/checkpoints" }],
  app: "/api/app",
};

const kindOf = (name: string, value: Plain, { help = "", isText = typeof value === "string" } = {}) =>
  recognise({ path: [name], name: nameOf([name]), value, help, isText, machine: MACHINE });

test.each<[string, Plain, string]>([
  ["OPENAI_API_KEY", "", "secret"],
  ["hf-token", "x", "secret"],
  ["dbPassword", "x", "secret"],
  ["max_new_tokens", "512", "number"],
  ["HF_TOKEN_PATH", "./cache/token", "folder"],
  ["tokenizer", "clip", "text"],
  ["SERVER_PORT", "", "port"],
  ["serverPort", 7860, "port"],
  ["port_range", "1-2", "text"],
  ["USE_CUDA", "1", "switch"],
  ["COUNT", "1", "number"],
  ["debug", "False", "switch"],
  ["CUDA_VISIBLE_DEVICES", "0,1", "gpu"],
  ["device", "cuda:0", "gpu"],
  ["device", "Living room", "text"],
  ["torch_dtype", "float16", "choice"],
  ["weights", "Q4_K_M", "choice"],
  ["precision", "auto", "choice"],
  ["load_in_bits", 4, "choice"],
  ["LOG_LEVEL", "info", "choice"],
  ["checkpoint", "sd15.safetensors", "model"],
  ["MODEL_PATH", "", "model"],
  ["model", "meta-llama/Llama-3", "text"],
  ["outputDir", "out/pictures", "folder"],
  ["log_file", "", "file"],
  ["wildcards", "./words.txt", "file"],
  ["threshold", 0.5, "number"],
  ["VERSION", "1.2.3", "text"],
  ["PHONE", "0049123", "text"],
  ["proxy", "socks5://me:secret@host:1", "secret"],
  ["args", "--token hf_abcdefghijklmnopqrst", "secret"],
  ["prompt", "a\nb", "lines"],
])("%s = %j is a %s", (name, value, kind) => {
  expect(kindOf(name, value).kind).toBe(kind);
});

test.each([
  ["Between 0 and 1", 0.5, { min: 0, max: 1 }],
  ["range: 1-150", 20, { min: 1, max: 150 }],
  ["[0.0, 2.0]", 1, { min: 0, max: 2 }],
  ["min 5, max: 9", 7, { min: 5, max: 9 }],
  ["between 1 and 5", 20, {}],
  ["at least some", 3, {}],
])("a range that its author names: %s", (help, value, range) => {
  expect(kindOf("x", value, { help })).toEqual({ kind: "number", ...range });
});

test.each([
  ["one of: a, b, c", ["a", "b", "c"]],
  ["Options are euler, a or heun", ["euler", "a", "heun"]],
  ["Which one (a|b)", ["a", "b"]],
  ["Available options: a, more, prefer_less", ["a", "more", "prefer_less"]],
  ["a | dpm++_2m", ["a", "dpm++_2m"]],
  ['Version ("a" or "b")', ["a", "b"]],
  ["such as a, and then some more words", null],
  ["one of: b, c", ["b", "c"]],
])("words that its author names: %s", (help, words) => {
  expect(kindOf("x", "a", { help }).choices?.map(({ value }) => value) ?? null).toEqual(words);
});

test("cards of this machine are choices, and variants keep the letters an app writes", () => {
  expect(kindOf("gpu_id", 0).choices?.map(({ value }) => value)).toEqual(["0", "1", "0,1", "-1"]);
  expect(kindOf("dtype", "BF16").choices?.map(({ value }) => value)).toContain("FP16");
  expect(kindOf("dtype", "fp8_e5m2").choices?.[0]?.value).toBe("fp8_e5m2");
});

test("what a Python program takes is read as it is written", () => {
  const text = `
parser.add_argument("--port", "-p", type=int, default=7860, help='Where it\\'s served')
parser.add_argument('--mode', choices=["a", 'b'], default="a")  # ( not a call
group.add_argument("--" + name)
parser.add_argument("input")
parser.add_argument(
    "--half", action="store_true",
    help=("Less " "exact (50%%)"),
)
parser.add_argument("--secret", help=argparse.SUPPRESS)
parser.add_argument("--ratio", type=float, default=compute(1, [2]))
parser.add_argument("--layers", nargs="+", type=int)
parser.add_argument("--never", help="ends`;
  expect(declaredFlags(text)).toEqual([
    { flag: "--port", takes: "port", help: "Where it's served", default: "7860", choices: [], many: false },
    { flag: "--mode", takes: "choice", help: "", default: "a", choices: ["a", "b"], many: false },
    { flag: "--half", takes: "alone", help: "Less exact (50%)", default: null, choices: [], many: false },
    { flag: "--ratio", takes: "number", help: "", default: null, choices: [], many: false },
    { flag: "--layers", takes: "text", help: "", default: null, choices: [], many: true },
  ]);
});

test.each([
  ["HF_HOME", "HF home"],
  ["--batch-size", "Batch size"],
  ["outputDirectory", "Output directory"],
  ["id", "ID"],
  ["__", "__"],
])("%s reads as %s", (name, label) => {
  expect(labelOf(name)).toBe(label);
});
