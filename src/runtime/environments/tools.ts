import { join } from "node:path";
import { findProgram } from "../base/find-program.js";

/** A program that scripts expect to be there. */
export interface Tool {
  /** The first is what it is called; any of them will do. */
  readonly programs: readonly [string, ...string[]];
  /** What authors and package managers call it besides. */
  readonly alsoCalled?: readonly string[];
  /** Packages that bring it, by package manager. None: it comes with us, or cannot be had. */
  readonly apt?: readonly string[];
  readonly conda?: readonly string[];
  readonly npm?: readonly string[];
}

/** Everything a script may expect. It is looked for on PATH, which ends with `<home>/bin`, where our own are (see `shims.ts`). */
export const TOOLS: readonly Tool[] = [
  { programs: ["git"], apt: ["git"], conda: ["git"] },
  { programs: ["git-lfs"], alsoCalled: ["git_lfs"], apt: ["git-lfs"], conda: ["git-lfs"] },
  { programs: ["ffmpeg"], apt: ["ffmpeg"], conda: ["ffmpeg"] },
  {
    programs: ["7z", "7zz", "7za", "7zr"],
    alsoCalled: ["7zip", "p7zip", "p7zip-full"],
    apt: ["p7zip-full"],
    conda: ["p7zip"],
  },
  { programs: ["zip"], apt: ["zip"], conda: ["zip"] },
  { programs: ["unzip"], apt: ["unzip"], conda: ["unzip"] },
  { programs: ["aria2c"], alsoCalled: ["aria2"], apt: ["aria2"], conda: ["aria2"] },
  {
    programs: ["gcc", "cc"],
    alsoCalled: ["gcc_linux-64", "build-essential"],
    apt: ["gcc", "libc6-dev"],
    conda: ["gcc"],
  },
  {
    programs: ["g++", "c++"],
    alsoCalled: ["gxx", "gxx_linux-64", "cxx-compiler", "compilers"],
    apt: ["g++"],
    conda: ["gxx<12"],
  },
  { programs: ["make"], apt: ["make"], conda: ["make"] },
  { programs: ["cmake"], apt: ["cmake"], conda: ["cmake"] },
  { programs: ["tmux"], apt: ["tmux"], conda: ["tmux"] },
  { programs: ["wget"], apt: ["wget"], conda: ["wget"] },
  { programs: ["curl"], apt: ["curl"], conda: ["curl"] },
  { programs: ["cargo"], alsoCalled: ["rust"], apt: ["cargo"], conda: ["rust"] },
  { programs: ["mecab"], apt: ["mecab"], conda: ["mecab"] },
  { programs: ["nvcc"], alsoCalled: ["cuda", "cuda-toolkit"], conda: ["nvidia/label/cuda-12.8.1::cuda"] },
  { programs: ["bun"], npm: ["bun"] },
  { programs: ["conda"], alsoCalled: ["miniforge", "miniconda", "anaconda"] },
  { programs: ["node"], alsoCalled: ["nodejs"] },
  { programs: ["npm"] },
  { programs: ["npx"] },
  { programs: ["uv"] },
  { programs: ["uvx"] },
  { programs: ["hf"], alsoCalled: ["huggingface", "huggingface_hub", "huggingface-hub"] },
  { programs: ["huggingface-cli"] },
  { programs: ["brew"], alsoCalled: ["homebrew"] },
];

/** The line of the table for a name, as a program, a package or an author's word. A version is no part of it. */
export function toolNamed(name: string): Tool | null {
  const plain = (name.split("::").at(-1) ?? name).replace(/[<>=!~ [].*$/s, "").toLowerCase();
  return TOOLS.find(({ programs, alsoCalled = [] }) => [...programs, ...alsoCalled].includes(plain)) ?? null;
}

export interface FoundTool {
  program: string;
  /** Whether it is ours, of `<home>/bin`, or the machine's. */
  isOurs: boolean;
}

/** Where the shells of a run would find it, or null. */
export function lookUp({ programs }: Pick<Tool, "programs">, home: string, searchPath: string): FoundTool | null {
  const bin = join(home, "bin");
  for (const name of programs) {
    const program = findProgram(name, [searchPath, bin, join(bin, "shims")].join(":"));
    if (program !== null) return { program, isOurs: program.startsWith(`${bin}/`) };
  }
  return null;
}
