import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { temporaryFolder } from "./temporary-folder.js";

const MB = 1024 ** 2;

/** A home with files as large as the smallest models. */
export function modelHome() {
  const folder = temporaryFolder();
  const at = (place: string): string => join(folder.path, place);
  const prepare = (place: string): string => {
    mkdirSync(dirname(at(place)), { recursive: true });
    return at(place);
  };
  /** Content that begins and ends with `mark`; `middle` is where a sample does not look. */
  const write = (place: string, mark: string, { bytes = 2 * MB, middle = "" } = {}): string => {
    const content = Buffer.alloc(bytes, mark);
    content.write(middle, Math.floor(bytes / 4));
    writeFileSync(prepare(place), content);
    return at(place);
  };
  const linkTo = (place: string, target: string): void =>
    symlinkSync(relative(dirname(prepare(place)), at(target)), at(place));
  return {
    home: folder.path,
    at,
    write,
    text: (place: string, text: string) => writeFileSync(prepare(place), text),
    linkTo,
    /** Another name of the same content. */
    secondName: (place: string, of: string) => linkSync(at(of), prepare(place)),
    /** As a program puts a file of the hub into a cache. */
    hub: (cache: string, repository: string, file: string, { blob, mark }: { blob: string; mark: string }) => {
      const root = `${cache}/models--${repository.replaceAll("/", "--")}`;
      write(`${root}/blobs/${blob}`, mark);
      linkTo(`${root}/snapshots/0123abcd/${file}`, `${root}/blobs/${blob}`);
      return `${root}/blobs/${blob}`;
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}
