import { group, type Detector, type Seen } from "../detector.js";
import { offer } from "../offers.js";
import { packageOfLibrary, packageOfProgram } from "../system-packages.js";

/** What stands before a match, such as the file that it is about. */
const wordBefore = ({ text, match }: Seen): string =>
  text
    .slice(0, match.index)
    .split(/[\s:'"]/)
    .at(-1) ?? "";

const CUDA_LIBRARY = /^lib(?:cu|nv|nccl|npp)/;

export const systemPackages: readonly Detector[] = [
  {
    code: "shared-library-missing",
    layer: "tool",
    happened: "A library of the system is not installed",
    advice: "Install the system package that holds it, then start it again",
    patterns: [
      /(?:^|[\s:'"])([\w.+-]{2,100}\.so(?:\.\d{1,4}){0,4}): cannot open shared object file: No such file or directory/,
      /^OSError: (?:cannot load library '|)(lib[\w.+-]{1,80})'?(?::| library) .{0,60}not found/,
    ],
    say: (seen) => {
      const library = group(seen);
      const name = packageOfLibrary(library);
      if (CUDA_LIBRARY.test(library)) {
        return {
          sentence: `${library}, a library of CUDA, is not installed or not found`,
          hint: "Make the environment again, so that PyTorch brings the CUDA libraries that fit",
          repairs: [offer.recreateVenv()],
        };
      }
      return name === null
        ? { sentence: `The library ${library} is not installed` }
        : {
            sentence: `The library ${library} is not installed`,
            hint: `Install the system package ${name}, then start it again`,
            repairs: [offer.installPackages(name), offer.retry()],
          };
    },
  },
  {
    code: "system-too-old",
    layer: "tool",
    happened: "A program was built for a newer system",
    advice: "Use a machine with a newer system, or a version of the program that was built for this one",
    patterns: [/version `((?:GLIBC|GLIBCXX|CXXABI)_[\d.]{1,12})' not found(?: \(required by ([^)]{1,300})\))?/],
    say: (seen) => ({
      sentence: `${group(seen, 2) || "A program"} needs ${group(seen).replace("_", " ")}, which this system does not have`,
    }),
  },
  {
    code: "wrong-processor",
    layer: "tool",
    happened: "A program is for another kind of processor",
    advice: "Get the build for this machine's processor",
    patterns: [
      /: cannot execute binary file: Exec format error/,
      /\[Errno 8\] Exec format error: '([^']{1,300})'/,
      /wrong ELF class/,
    ],
    say: (seen) => ({
      sentence: `${group(seen) || wordBefore(seen) || "A program"} is not made for this machine's processor`,
    }),
  },
  {
    code: "library-mismatch",
    layer: "tool",
    happened: "A compiled package does not fit the libraries that are there",
    advice: "Make the environment again, so that all compiled packages fit one another",
    patterns: [/: undefined symbol: (\S{1,200})/],
    say: (seen) => ({
      sentence: `${wordBefore(seen).split("/").at(-1) || "A library"} does not fit the libraries that are installed: ${group(seen).slice(0, 80)} is missing`,
      repairs: [offer.recreateVenv(), offer.updateApp()],
    }),
  },
  {
    code: "system-package-missing",
    layer: "tool",
    happened: "The system's package list has no package of that name",
    advice: "Refresh the list with apt-get update; on other systems the package may have another name",
    patterns: [/^E: Unable to locate package (\S{1,120})/, /^E: Package '([^']{1,120})' has no installation candidate/],
    say: (seen) => ({ sentence: `The system has no package ${group(seen)}` }),
  },
  {
    code: "program-missing",
    layer: "program",
    happened: "A program that is needed is not installed",
    advice: "Install it with the system's packages, or run the app's install script again",
    patterns: [
      /^(?:\S{1,60}: )?(?:line \d{1,6}: )?(?:\d{1,6}: )?([\w.+-]{1,60}): (?:command )?not found$/,
      /^(?:\S{1,60}: )(?:\d{1,6}: )(?:exec: )?([\w.+-]{1,60}): not found$/,
      /^env: [‘'"]([\w.+-]{1,60})[’'"]: No such file or directory/,
      /FileNotFoundError: \[Errno 2\] No such file or directory: '([\w+-]{1,60})'$/,
      /Error: spawn ([\w.+-]{1,60}) ENOENT/,
    ],
    unless: /\/?\.(?:bashrc|profile|bash_profile)/,
    say: (seen) => {
      const name = group(seen);
      const known = packageOfProgram(name);
      return {
        sentence: `The program ${name} is not installed`,
        ...(known === null ? {} : { hint: `Install the system package ${known}, then start it again` }),
        repairs: known === null ? [offer.retry()] : [offer.installPackages(known), offer.retry()],
      };
    },
  },
];
