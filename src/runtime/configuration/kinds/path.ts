import { extname } from "node:path";
import type { Recognise } from "./kind.js";

const FOLDERS = /(?:^|_)(?:dir|dirs|directory|folder|root|home)$/;
const FILES = /(?:^|_)(?:file|filename|filepath)$/;
const PATHS = /(?:^|_)paths?$/;

/** A place on this machine: by its name, or since its value is one. */
export const path: Recognise = ({ name, value, machine: { app } }) => {
  if (typeof value !== "string" && value !== null) return null;
  const text = value ?? "";
  const isWritten = /^(?:\/|\.{1,2}\/|~\/)[^\s,;|<>*?]*$/.test(text) || text === ".";
  const isPlace = isWritten || (text === "" && (FOLDERS.test(name) || FILES.test(name)));
  const isNamed = (FOLDERS.test(name) || PATHS.test(name) || FILES.test(name)) && /^[\w./ -]+$/.test(text);
  if (!isPlace && !(isNamed && /[/]|\.\w{1,5}$/.test(text))) return null;
  const isFile = FILES.test(name) || (!FOLDERS.test(name) && /^\.\w{1,6}$/.test(extname(text)));
  return { kind: isFile ? "file" : "folder", places: [{ name: "This app", path: app }] };
};
