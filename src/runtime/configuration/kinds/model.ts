import type { Recognise } from "./kind.js";

export const MODEL_ENDINGS = [".safetensors", ".ckpt", ".pt", ".pth", ".gguf", ".ggml", ".onnx", ".bin", ".engine"];
const NAMES =
  /(?:^|_)(?:model|checkpoint|ckpt|lora|vae|unet|clip|controlnet|embedding|gguf|weights?)(?:_(?:path|file))?$/;

/** A file that holds a model. A name alone may be one that the app fetches, so any text is taken. */
export const model: Recognise = ({ name, value, machine: { models } }) => {
  if (typeof value !== "string" && value !== null) return null;
  const text = value ?? "";
  const isFile = MODEL_ENDINGS.some((ending) => text.toLowerCase().endsWith(ending));
  const isNamed = NAMES.test(name) && (text === "" || text.startsWith("/") || text.startsWith("./"));
  return isFile || isNamed ? { kind: "model", endings: MODEL_ENDINGS, places: [...models] } : null;
};
