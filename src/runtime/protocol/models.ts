import * as z from "zod";
import { AppId } from "./ids.js";
import { Job } from "./jobs.js";

/** Kinds of models, by what they are for, in the order that people see them. */
export const MODEL_FAMILIES = [
  "checkpoints",
  "diffusion",
  "loras",
  "vae",
  "text-encoders",
  "controlnet",
  "llm",
  "upscalers",
  "embeddings",
  "audio",
  "vision",
  "other",
] as const;
export type ModelFamily = (typeof MODEL_FAMILIES)[number];

/** What people call them. */
export const FAMILY_LABELS: Readonly<Record<ModelFamily, string>> = {
  checkpoints: "Checkpoints",
  diffusion: "Diffusion models",
  loras: "LoRA",
  vae: "VAE",
  "text-encoders": "Text encoders",
  controlnet: "ControlNet",
  llm: "Language models",
  upscalers: "Upscalers",
  embeddings: "Embeddings",
  audio: "Speech and sound",
  vision: "Vision",
  other: "Other models",
};

/** A file, or several that are one model: the parts of a large one, a pipeline's folder, a repository of Hugging Face. */
export const Model = z.object({
  /** Where it lies, below the home: a file or folder. */
  id: z.string(),
  name: z.string(),
  family: z.enum(MODEL_FAMILIES),
  /** The ending of its files, such as `safetensors`. */
  format: z.string(),
  files: z.number(),
  /** What it takes of the disk; content with several names counts once. */
  bytes: z.number(),
  /** Other names below the home of the same content. */
  alsoAt: z.array(z.string()),
  /** Apps in whose folder it lies, or that have a link to it. */
  users: z.array(AppId),
  /** It lies in a cache of the home, where any app may find it: nobody knows which ones do. */
  isShared: z.boolean(),
  /** Sets of copies that files of it are among. */
  duplicates: z.array(z.string()),
});
export type Model = z.infer<typeof Model>;

/** Files that each take room and hold the same. */
export const DuplicateSet = z.object({
  id: z.string(),
  /** Of one copy. */
  bytes: z.number(),
  /** What comes back when the copies are names of one file. */
  extraBytes: z.number(),
  /** Below the home; the first one would stay as it is. */
  copies: z.array(z.object({ path: z.string(), users: z.array(AppId) })),
  /** All of them was compared; else their sizes and samples of their content are the same. */
  isCompared: z.boolean(),
});
export type DuplicateSet = z.infer<typeof DuplicateSet>;

export const ModelList = z.object({
  /** The largest first; of very many, only the largest. */
  models: z.array(Model),
  /** Of all that were found. */
  families: z.array(z.object({ family: z.enum(MODEL_FAMILIES), models: z.number(), bytes: z.number() })),
  duplicates: z.array(DuplicateSet),
  /** There is more than was looked at. */
  isCut: z.boolean(),
});
export type ModelList = z.infer<typeof ModelList>;

/** What can be asked about models. */
export const MODEL_REQUESTS = {
  /** Looks through the home: a second or two for tens of thousands of files. */
  "models.list": { params: z.strictObject({}), reply: ModelList },
  /** Reads all of what seems to be the same, to be certain. */
  "models.compare": { params: z.strictObject({}), reply: z.object({ job: Job }) },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;
