import { group, type Detector } from "../detector.js";
import { offer } from "../offers.js";
import { packageOfProgram } from "../system-packages.js";

export const pythonBuilds: readonly Detector[] = [
  {
    code: "cuda-toolkit-missing",
    layer: "tool",
    happened: "A package is compiled for the GPU, and the CUDA toolkit is not there",
    advice: "Choose a build of the package that needs no compiling, or install the CUDA toolkit that fits PyTorch",
    patterns: [
      /CUDA_HOME environment variable is not set/,
      /nvcc: (?:command )?not found/,
      /No such file or directory: '[^']{0,200}\/?nvcc'/,
      /No CUDA toolset found|Could NOT find CUDA\b|Failed to find nvcc/,
    ],
    say: () => ({
      sentence: "A package has to be compiled for the GPU, and the CUDA toolkit with nvcc is not installed",
      repairs: [offer.updateApp()],
    }),
  },
  {
    code: "rust-missing",
    layer: "tool",
    happened: "A package has to be compiled and the Rust compiler is not there",
    advice: "Use a Python for which the package is ready made, or install Rust",
    patterns: [
      /can't find Rust compiler/,
      /error: could not find `?cargo`?|Cargo, the Rust package manager, is not installed/,
    ],
    say: (seen) => {
      const name = seen.after(/Failed building wheel for (\S{1,80})/, 40)?.[1];
      return {
        sentence: `${name ?? "A package"} has to be compiled, and the Rust compiler is not installed`,
        repairs: [offer.installPackages("rustc", "cargo"), offer.retry(), offer.recreateVenv()],
      };
    },
  },
  {
    code: "python-headers-missing",
    layer: "tool",
    happened: "A package has to be compiled and the files for that are not with this Python",
    advice: "Install the system's package python3-dev, or make the environment again with a Python that has them",
    patterns: [/fatal error: '?(?:[\w./]{1,60}\/)?(Python\.h|pyconfig\.h)'?(?:: No such file| file not found)/],
    say: (seen) => ({
      sentence: `A package has to be compiled, and ${group(seen)} is not with this Python`,
      repairs: [offer.installPackages("python3-dev"), offer.retry()],
    }),
  },
  {
    code: "compiler-missing",
    layer: "tool",
    happened: "A package has to be compiled and there is no compiler",
    advice: "Install the system's compiler, then try again",
    patterns: [
      /error: command '([\w./+-]{1,120}(?:gcc|g\+\+|cc|c\+\+|clang)|gcc|g\+\+|cc|c\+\+|clang|x86_64-linux-gnu-gcc)' failed: (?:No such file or directory|.{0,40}not found)/,
      /unable to execute '([\w./+-]{1,120})': No such file or directory/,
      /No CMAKE_(?:C|CXX)_COMPILER could be found/,
      /gyp ERR! stack Error: not found: (make)/,
      /^(?:\S{1,40}: )?(?:line \d{1,6}: )?(?:\d{1,6}: )?(gcc|g\+\+|cc|c\+\+|make|clang): (?:command )?not found/,
    ],
    say: (seen) => ({
      sentence: `Something has to be compiled, and the compiler ${group(seen) || "for C++"} is not installed`,
      repairs: [offer.installPackages("build-essential"), offer.retry()],
    }),
  },
  {
    code: "build-tool-missing",
    layer: "tool",
    happened: "A package has to be compiled and a tool for that is not there",
    advice: "Install the tool with the system's packages, then try again",
    patterns: [
      /(CMake) (?:must be installed to build|is not installed on your system)/i,
      /error: (?:command '?)?(cmake|ninja|pkg-config|swig|nasm|meson)'? (?:failed: No such file|not found)/i,
      /No such file or directory: '(cmake|ninja|pkg-config|swig|nasm|meson)'/,
      /(pkg-config|Ninja|ninja) (?:is|are) (?:required|needed)|Ninja is required to load C\+\+ extensions()/,
    ],
    say: (seen) => {
      const tool = (group(seen) || "ninja").toLowerCase();
      return {
        sentence: `A package has to be compiled, and ${tool} is not installed`,
        repairs: [offer.installPackages(packageOfProgram(tool) ?? tool), offer.retry()],
      };
    },
  },
  {
    code: "header-missing",
    layer: "tool",
    happened: "A package has to be compiled and a library's files for that are not there",
    advice: "Find the system package that holds the file, usually one that ends in -dev, and install it",
    patterns: [/fatal error: '?([\w./+-]{1,120}\.h(?:pp|h)?)'?(?:: No such file or directory| file not found)/],
    unless: /Python\.h|pyconfig\.h/,
    say: (seen) => ({ sentence: `Something has to be compiled, and ${group(seen)} is not installed` }),
  },
  {
    code: "package-build-failed",
    layer: "package",
    happened: "A Python package could not be built here",
    advice:
      "Use a version of Python for which the package is ready made, or look at the output for what its build lacks",
    patterns: [
      /ERROR: Failed building wheel for (\S{1,80})/,
      /ERROR: Could not build wheels for (\S{1,200}?),/,
      /error: metadata-generation-failed/,
      /error: subprocess-exited-with-error/,
      /(?:× |error: )(?:Failed to build `?([^`\s]{1,200}))/,
      /The build backend returned an error|Build backend failed to (?:build|determine|get)/,
      /ERROR: Failed to build installable wheels for some pyproject\.toml based projects \(([^)]{1,200})\)/,
    ],
    say: (seen) => {
      const name = group(seen) || seen.after(/Failed building wheel for (\S{1,80})/, 60)?.[1];
      const lacks = module(seen.before(LACKS, 60)) ?? module(seen.after(LACKS, 60));
      return {
        sentence: `${name === undefined || name === "" ? "A Python package" : `The package ${name}`} could not be built${
          lacks === null ? "" : `: its build needs ${lacks}`
        }`,
        ...(lacks === null
          ? {}
          : {
              hint: `Install ${lacks} first and build with --no-build-isolation; update the app, since its author may have done so`,
            }),
        repairs: [offer.updateApp(), offer.recreateVenv()],
      };
    },
  },
];

const LACKS = /ModuleNotFoundError: No module named '([\w.]{1,80})'/;
const module = (match: RegExpExecArray | null): string | null => match?.[1] ?? null;
