import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, resolve } from "node:path";
import { MOST_FILE_BYTES, type PathQuestion, type SentFile } from "../../protocol/questions.js";
import { printable } from "../words.js";
import type { Prompt } from "./prompt.js";

/** Paths that a person types; none when they leave it empty. */
export async function readPaths(asked: PathQuestion, prompt: Prompt): Promise<string[]> {
  const { wants, title, path, multiple, saves, initialFile } = asked;
  if (title !== "") prompt.say(printable(title));
  const what = saves ? "File to write" : wants === "folder" ? "Folder" : "File";
  prompt.say(`${what}, from ${printable(path)}; ${multiple ? "one a line, an empty one ends it" : "empty for none"}`);
  const chosen: string[] = [];
  for (;;) {
    const said = (await prompt.line(`${what}: `, { initial: chosen.length === 0 ? initialFile : "" })).trim();
    if (said === "") return chosen;
    const found = pathFrom(said, path);
    const problem = saves ? null : problemWith(found, wants);
    if (problem !== null) {
      prompt.say(printable(problem));
      continue;
    }
    chosen.push(found);
    if (!multiple) return chosen;
  }
}

/** A file as a form sends it. */
export async function readSentFile(name: string, prompt: Prompt): Promise<SentFile | null> {
  for (;;) {
    const said = (await prompt.line(`${name} (path of a file, empty for none): `)).trim();
    if (said === "") return null;
    const path = pathFrom(said, process.cwd());
    const problem = problemWith(path, "file") ?? tooLarge(path);
    if (problem === null) return { name: basename(path), base64: readFileSync(path).toString("base64") };
    prompt.say(printable(problem));
  }
}

const pathFrom = (said: string, folder: string): string =>
  said === "~" || said.startsWith("~/") ? resolve(homedir(), said.slice(2)) : resolve(folder, said);

function problemWith(path: string, wants: "file" | "folder"): string | null {
  if (!existsSync(path)) return `${path} does not exist`;
  return statSync(path).isDirectory() === (wants === "folder") ? null : `${path} is not a ${wants}`;
}

const tooLarge = (path: string): string | null =>
  statSync(path).size > MOST_FILE_BYTES ? `${path} is larger than ${MOST_FILE_BYTES / 1024 ** 2} MB` : null;
