import { group, type Detector, type Seen } from "../detector.js";
import { offer } from "../offers.js";
import { short } from "../words.js";

const FILE = /([\w./~+-]{1,300}\.(?:safetensors|ckpt|pth|pt|bin|gguf|onnx|zip|whl|tgz|tar\.gz|tar|7z))\b/;

function file(seen: Seen): string | null {
  return FILE.exec(seen.text)?.[1] ?? seen.before(FILE, 4)?.[1] ?? null;
}

export const files: readonly Detector[] = [
  {
    code: "file-damaged",
    layer: "package",
    happened: "A model or an archive is damaged or did not arrive whole",
    advice: "Remove the file and load it again",
    patterns: [
      /SafetensorError: (Error while deserializing header: .{1,80})/,
      /(?:File is not a zip file|BadZipFile: )/,
      /End-of-central-directory signature not found/,
      /PytorchStreamReader failed (.{1,80})/,
      /failed finding central directory/,
      /_pickle\.UnpicklingError: (invalid load key, .{1,12})/,
      /_pickle\.UnpicklingError: (pickle data was truncated)/,
      /EOFError: Ran out of input/,
      /^OSError: \[Errno 22\] Invalid argument$/,
      /gzip: stdin: (not in gzip format|unexpected end of file|invalid compressed data)/,
      /tar: Unexpected EOF in archive/,
      /invalid magic (?:number|characters)/,
      /unexpected EOF, expected \d{1,15} more bytes\. The file might be corrupted/,
    ],
    unless: /Weights only load failed/,
    confirm: (seen) => !seen.text.startsWith("OSError: [Errno 22]") || seen.before(/PyTorchFileReader/, 4) !== null,
    say: (seen) => {
      const name = file(seen);
      const why = group(seen);
      const isPage = /invalid load key, '<'/.test(why);
      return {
        sentence: `${name ?? "A model or archive"} is damaged or did not arrive whole${
          isPage ? ": it holds a web page" : why === "" ? "" : `: ${short(why, 100)}`
        }`,
        repairs: [offer.clearPartial(name !== null && name.startsWith("/") ? name : null), offer.retry()],
      };
    },
  },
  {
    code: "checkpoint-refused",
    layer: "program",
    happened: "PyTorch did not load a checkpoint because it could run code",
    advice: "Use the model as .safetensors; only if you trust its source, the app's author can allow it",
    patterns: [/Weights only load failed/],
    say: (seen) => {
      const name = seen.after(/Unsupported (?:global: GLOBAL|class) (\S{1,120})/, 4)?.[1];
      return {
        sentence: `PyTorch did not load a checkpoint because it could run code${name === undefined ? "" : `: it holds ${name}`}`,
        repairs: [offer.updateApp()],
      };
    },
  },
  {
    code: "file-missing",
    layer: "program",
    happened: "A file that is needed is not there",
    advice: "Run the app's install script again; if the file is yours, check its name",
    patterns: [
      /can't open file '([^']{1,300})': \[Errno 2\] No such file or directory/,
      /FileNotFoundError: \[Errno 2\] No such file or directory: '([^']{1,300})'/,
      /Error: ENOENT: no such file or directory, \w{1,20} '([^']{1,300})'/,
      /Error: Cannot find module '(\/[^']{1,300})'/,
      /^(?:bash|sh): (?:line )?\d{0,6}:? ?(\.{0,2}\/[^\s:]{1,300}): (?:No such file or directory|not found)/,
      /^(?:cat|cp|mv|tar|source|python3?): (?:cannot stat |can't open )?[‘']?([^\s:‘’']{1,300})[’']?: No such file or directory/,
      /ERROR: Could not open requirements file: \[Errno 2\] No such file or directory: '([^']{1,300})'/,
    ],
    confirm: (seen) => group(seen).includes("/") || group(seen).includes("."),
    say: (seen) => ({ sentence: `${group(seen)} is not there`, repairs: [offer.updateApp()] }),
  },
];
