import type { CheckMachine, CheckNeed } from "../protocol/check.js";
import { parseGitUri } from "../base/git-uri.js";
import { isObject } from "../script/script.js";
import { commandsIn } from "./commands.js";

/** Programs worth telling a person of, by the word that calls them. What nearly every app calls is not told. */
const PROGRAMS: Record<string, string> = {
  conda: "conda",
  mamba: "conda",
  ffmpeg: "ffmpeg",
  ffprobe: "ffmpeg",
  node: "node",
  npm: "node",
  npx: "node",
  pnpm: "pnpm",
  yarn: "yarn",
  bun: "bun",
  docker: "docker",
  "docker-compose": "docker",
  ollama: "ollama",
  lms: "LM Studio",
  brew: "brew",
  aria2c: "aria2",
  wget: "wget",
  curl: "curl",
  unzip: "unzip",
  "7z": "7z",
  "git-lfs": "git-lfs",
  gcc: "C compiler",
  "g++": "C compiler",
  make: "C compiler",
  cmake: "cmake",
  ninja: "ninja",
  nvcc: "CUDA toolkit",
  cargo: "Rust",
  rustup: "Rust",
  go: "Go",
  java: "Java",
  dotnet: ".NET",
};

const BUILT_FROM_SOURCE = /\b(?:pip|uv pip) install\b.*\b(?:flash[-_]attn(?!\S*\.whl)|--no-build-isolation|detectron2)/;

/** What a command line has to find. */
export function needsOfLine(line: string): CheckNeed[] {
  const needs = commandsIn(line).flatMap(({ program, text }) => {
    const name = program.slice(program.lastIndexOf("/") + 1).replace(/\.exe$/, "");
    const found = Object.hasOwn(PROGRAMS, name) ? [PROGRAMS[name] as string] : [];
    if (/(?:^|\s)sudo\s/.test(text)) found.push("sudo");
    if (/^git\s+lfs\b/.test(text)) found.push("git-lfs");
    if (BUILT_FROM_SOURCE.test(text)) found.push("C compiler");
    return found;
  });
  const login = /\b(?:huggingface-cli|hf auth|hf)\s+login\b/.test(line) ? [token("HF_TOKEN")] : [];
  return [...needs.map(program), ...login];
}

const TOKEN =
  /\b(?:HF_TOKEN|HUGGING_?FACE_HUB_TOKEN|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:API_KEY|API_TOKEN|ACCESS_TOKEN))\b/g;

/** What a step's own words and parameters say that it needs. */
export function needsOfStep(method: string, params: unknown, written: Record<string, unknown>): CheckNeed[] {
  const given = isObject(params) ? params : {};
  const needs: CheckNeed[] = [];
  const { conda } = given;
  if (conda && !(isObject(conda) && conda["skip"])) needs.push(program("conda"));
  if (given["sudo"]) needs.push(program("sudo"));
  if (method === "hf.login") needs.push(token("HF_TOKEN"));
  if (method === "cloudflare.tunnel") needs.push(program("cloudflared"));
  needs.push(...tokensIn(safeText(written)), ...appsIn(method, given, written));
  if (/^(?:input|notify|modal|log|htmlmodal\.\w+|push)$/.test(method)) needs.push(...spaceIn(safeText(params)));
  return needs;
}

/** Apps in whose folders a step works. A script that is started is fetched when it is not there. */
function appsIn(method: string, given: Record<string, unknown>, written: Record<string, unknown>): CheckNeed[] {
  const places = [written["uri"], given["path"], given["dir"], given["src"], given["dest"]];
  if (/^script\.(?:start|run|download)$/.test(method)) return [];
  return places.flatMap((place) => {
    const remote = typeof place === "string" ? parseGitUri(place)?.remote : undefined;
    return remote === undefined ? [] : [{ name: remote.replace(/\.git$/, ""), kind: "app" as const }];
  });
}

/** Tokens that a script asks for before it starts. */
export function needsOfForm(form: unknown): CheckNeed[] {
  if (!Array.isArray(form)) return [];
  return form.flatMap((field: unknown) =>
    isObject(field) && typeof field["key"] === "string" ? tokensIn(field["key"]) : [],
  );
}

const tokensIn = (text: string): CheckNeed[] => [...text.matchAll(TOKEN)].map(([name]) => token(name));

const SPACE =
  /(\d+(?:[.,]\d+)?)\s*\+?\s*(?:GB|GiB)\b(?:\s+(?:of\s+)?(?:(?:GPU\s+|free\s+|disk\s+|system\s+)?(?:V?RAM|memory|space|storage|disk)))?/gi;

/** Gigabytes that a text speaks of, in its own words. */
export const spaceIn = (text: string): CheckNeed[] =>
  [...text.matchAll(SPACE)].map(([words]) => ({ name: words.replace(/\s+/g, " "), kind: "space" }));

/** What `requires` lists, as far as it concerns the machine. */
export function needsOfRequires(requires: unknown, { platform, gpu }: CheckMachine): CheckNeed[] {
  if (!Array.isArray(requires)) return [];
  return requires.flatMap((entry: unknown) => {
    if (!isObject(entry)) return [];
    if (typeof entry["platform"] === "string" && entry["platform"] !== platform) return [];
    if (typeof entry["gpu"] === "string" && entry["gpu"] !== gpu) return [];
    const names = [entry["name"]].flat().filter((name): name is string => typeof name === "string");
    return names.map((name) => program(name === "cuda" ? "CUDA toolkit" : name === "nodejs" ? "node" : name));
  });
}

export function withoutRepeats(needs: readonly CheckNeed[]): CheckNeed[] {
  const seen = new Set<string>();
  return needs.filter(({ name }) => {
    const key = name.toLowerCase();
    return seen.has(key) ? false : seen.add(key);
  });
}

const program = (name: string): CheckNeed => ({ name, kind: "program" });
const token = (name: string): CheckNeed => ({ name, kind: "token" });

function safeText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}
