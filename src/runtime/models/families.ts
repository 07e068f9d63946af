import type { ModelFamily } from "../protocol/models.js";

/** What is known of a file without opening it. */
export interface NamedFile {
  /** Its folders, the outermost first. */
  folders: readonly string[];
  name: string;
  bytes: number;
}

/** Names of folders that hold one family whatever their files are called, without what is no letter or digit. */
const FOLDERS: Readonly<Record<string, ModelFamily>> = Object.fromEntries(
  (
    [
      ["checkpoints", ["stablediffusion", "sd", "sdxl", "diffusers"]],
      ["diffusion", ["unet", "unets", "diffusionmodels", "transformer", "transformers", "dit"]],
      ["loras", ["lora", "loras", "lycoris", "locon"]],
      ["vae", ["vae", "vaes", "vaeapprox"]],
      ["text-encoders", ["clip", "textencoder", "textencoders", "textencoder2", "textencoder3", "t5"]],
      ["controlnet", ["controlnet", "controlnets", "t2iadapter", "ipadapter", "ipadapters", "gligen", "stylemodels"]],
      ["llm", ["llm", "llms", "llamacpp", "gguf", "textgeneration"]],
      ["upscalers", ["upscalers", "upscaler", "upscalemodels", "esrgan", "realesrgan", "swinir", "ldsr", "bsrgan"]],
      ["embeddings", ["embeddings", "embedding", "textualinversion", "hypernetworks"]],
      ["audio", ["audio", "tts", "whisper", "rvc", "voices", "vocoder", "audiocheckpoints"]],
      [
        "vision",
        ["clipvision", "insightface", "facerestoremodels", "gfpgan", "codeformer", "ultralytics", "sams", "sam"],
      ],
    ] as const
  ).flatMap(([family, names]) => names.map((name) => [name, family])),
);

const GB = 1024 ** 3;

/** What names say, the more certain ones first. */
const NAMES: readonly { family: ModelFamily; pattern: RegExp; most?: number }[] = [
  { family: "vision", pattern: word("clip[-_]?vision|siglip|insightface|inswapper|gfpgan|codeformer|rembg|u2net") },
  { family: "vision", pattern: word("yolo\\w*|sam2?|sam[-_]\\w+|dino\\w*|birefnet|depth[-_]?anything|midas|dwpose") },
  { family: "controlnet", pattern: word("control(?:net|lora)?|ip[-_]?adapter|t2i[-_]?adapter") },
  { family: "loras", pattern: word("lora|lycoris|locon"), most: 4 * GB },
  { family: "text-encoders", pattern: word("u?mt5|t5(?:xxl|[-_]?v1)?|clip[-_]?[lgh]|text[-_]?encoder|byt5") },
  { family: "vae", pattern: word("vae|ae|taesd\\w*"), most: 1.5 * GB },
  { family: "upscalers", pattern: word("[248]x|x[248]|\\w*esrgan\\w*|upscaler?|swinir|remacri|ultrasharp") },
  {
    family: "audio",
    pattern: word("whisper|wav2vec2?|hubert|bark|xtts|tts|vocos|bigvgan|musicgen|encodec|kokoro|rvc|f5"),
  },
  { family: "diffusion", pattern: word("unet|dit|flux\\d*|wan\\d*|hunyuan(?:video|dit)|ltxv?|qwen[-_]image|sd3") },
  {
    family: "llm",
    pattern: word("llama\\d*|mi[sx]tral|qwen\\d*|gemma\\d*|phi\\d*|deepseek|instruct|chat|gpt\\w*|vicuna"),
  },
  {
    family: "checkpoints",
    pattern: word("sd|sdxl|sd[-_]?xl|sd15|v1[-_]5|dreamshaper|juggernaut\\w*|pony\\w*|inpainting"),
  },
];

/** Between what is no letter or digit. */
function word(pattern: string): RegExp {
  return new RegExp(`(?:^|[^a-z0-9])(?:${pattern})(?![a-z0-9])`, "i");
}

/** Folders that many programs put anything into. */
const WEAK: Readonly<Record<string, ModelFamily>> = { checkpoints: "checkpoints", ckpts: "checkpoints" };

/** What a model is for, by the folders it lies in, the nearest first, and by its name. */
export function familyOf({ folders, name, bytes }: NamedFile): ModelFamily {
  const plain = folders.map((folder) => folder.toLowerCase().replaceAll(/[^a-z0-9]/g, "")).reverse();
  const byFolder = plain.map((folder) => own(FOLDERS, folder)).find((family) => family !== null);
  if (byFolder != null) return byFolder;
  const byName = NAMES.find(({ pattern, most = Infinity }) => bytes <= most && pattern.test(name));
  if (byName !== undefined) return byName.family;
  const weak = plain.map((folder) => own(WEAK, folder)).find((family) => family !== null);
  if (weak != null) return weak;
  return /\.(?:gguf|ggml|llamafile)$/i.test(name) ? "llm" : /\.ckpt$/i.test(name) ? "checkpoints" : "other";
}

const own = (table: Readonly<Record<string, ModelFamily>>, name: string): ModelFamily | null =>
  Object.hasOwn(table, name) ? (table[name] ?? null) : null;

/** Files that hold a model, and from how many bytes on: `.bin` may be anything. */
const ENDINGS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    ["safetensors", "sft", "gguf", "ggml", "ckpt", "pt", "pth", "onnx", "nemo", "tflite", "engine", "llamafile"].map(
      (ending) => [ending, 1024 ** 2],
    ),
  ),
  bin: 8 * 1024 ** 2,
  h5: 8 * 1024 ** 2,
};
/** Embeddings are that small. */
const LEAST_EMBEDDING = 1024;

export const formatOf = (name: string): string => /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";

/** Whether its name is one that models have; how large it is, is not looked at. */
export const isModelName = (name: string): boolean => Object.hasOwn(ENDINGS, formatOf(name));

/** Whether a file of such a name is a model. */
export function isModel(file: NamedFile): boolean {
  const least = ENDINGS[formatOf(file.name)] ?? Infinity;
  return file.bytes >= least || (file.bytes >= LEAST_EMBEDDING && familyOf(file) === "embeddings" && least < Infinity);
}
