import { group, type Detector, type Seen } from "../detector.js";
import { offer } from "../offers.js";
import { isSurvived } from "../survived.js";
import { short } from "../words.js";

/** What left Python's own library, and in which version. */
const LEFT_PYTHON: Record<string, string> = {
  distutils: "3.12",
  imp: "3.12",
  asynchat: "3.12",
  asyncore: "3.12",
  smtpd: "3.12",
  audioop: "3.13",
  cgi: "3.13",
  crypt: "3.13",
  imghdr: "3.13",
  pipes: "3.13",
  sndhdr: "3.13",
  telnetlib: "3.13",
};

const leftPython = (name: string): string | null =>
  Object.hasOwn(LEFT_PYTHON, name) ? (LEFT_PYTHON[name] ?? null) : null;

const NO_INSTALL_SCRIPT = "The app has no install script: its author has to name the package in what it installs";

const environmentOf = (seen: Seen): string | null => {
  const library = /"?(\/[^"\s]{1,300}?)\/lib\/python3\.\d{1,2}\/site-packages\//;
  const path = library.exec(seen.text)?.[1] ?? seen.before(library, 20)?.[1];
  return path === undefined || /^\/usr(?:\/local)?$/.test(path) ? null : path;
};

export const pythonModules: readonly Detector[] = [
  {
    code: "numpy-mismatch",
    layer: "package",
    happened: "A compiled package was made for another NumPy than the installed one",
    advice: "Make the environment again, or install numpy<2 into it",
    patterns: [
      /A module that was compiled using NumPy (\S{1,20}) cannot be run in/,
      /numpy\.dtype size changed, may indicate binary incompatibility/,
      /numpy\.ufunc size changed, may indicate binary incompatibility/,
      /numpy\.core\.multiarray failed to import/,
      /RuntimeError: Numpy is not available/,
      /module compiled against (?:ABI|API) version (\S{1,20}) but this version of numpy is/,
      /module 'numpy' has no attribute '(float|int|bool|object|complex|str|float_|product|cumproduct|Inf|NaN)'/,
    ],
    // Of what was compiled for another NumPy it only warns, and many programs go on.
    confirm: (seen) =>
      !seen.text.startsWith("A module that was compiled") ||
      seen.after(/multiarray failed to import|Numpy is not available|dtype size changed/, 80) !== null,
    say: (seen) => {
      const has = seen.after(/^NumPy (\d[\w.]{0,20}) as it may crash/, 2)?.[1];
      const gone = /has no attribute '(\w{1,40})'/.exec(seen.text)?.[1];
      const made = gone === undefined && /^\d/.test(group(seen)) ? ` ${group(seen)}` : "";
      return {
        sentence:
          gone === undefined
            ? `A package was compiled for ${made === "" ? "another NumPy than the installed one" : `NumPy${made}, and the installed one is ${has ?? "another"}`}`
            : `The app uses numpy.${gone}, which the installed NumPy no longer has`,
        repairs: [offer.recreateVenv(environmentOf(seen)), offer.updateApp()],
      };
    },
  },
  {
    code: "python-version",
    layer: "program",
    happened: "The app does not run on this version of Python",
    advice: "Make the environment again with the Python that the app's author names",
    patterns: [
      /ModuleNotFoundError: No module named '(distutils|imp|asynchat|asyncore|smtpd|audioop|cgi|crypt|imghdr|pipes|sndhdr|telnetlib)'/,
      /TypeError: unsupported operand type\(s\) for \|: 'type' and '(?:NoneType|type)'/,
      /^SyntaxError: .{1,80}$/,
      /(?:requires|needs) [Pp]ython (\d\.\d{1,2}(?:\+| or (?:newer|later|higher)))/,
      /ERROR: This script does not work on Python (3\.\d{1,2})/,
      /AttributeError: module 'pkgutil' has no attribute 'ImpImporter'/,
    ],
    confirm: (seen) =>
      !seen.text.startsWith("SyntaxError") ||
      seen.before(/^\s{2,}match .{1,100}:$|^\s+.{0,100}:=|f".*\{.*"/, 3) !== null,
    say: (seen) => {
      const since = leftPython(group(seen));
      return {
        sentence:
          since === null
            ? `The app does not run on this version of Python: ${short(seen.text, 120)}`
            : `The app uses ${group(seen)}, which Python ${since} and newer no longer have`,
        repairs: [offer.recreateVenv(environmentOf(seen)), offer.updateApp()],
      };
    },
  },
  {
    code: "python-missing",
    layer: "tool",
    happened: "The version of Python that is asked for is not here and cannot be had",
    advice: "Let the app ask for a version that exists, or check the network",
    patterns: [
      /No interpreter found for (?:Python )?([\w.<>=@]{1,40})/,
      /pyenv: version `([^']{1,40})' is not installed/,
      /No suitable Python runtime found/,
    ],
    say: (seen) => ({
      sentence: `There is no Python ${group(seen)} here, and none could be loaded`,
      repairs: [offer.updateApp()],
    }),
  },
  {
    code: "library-changed",
    layer: "program",
    happened: "The app uses a part of a library that the installed version does not have",
    advice: "Make the environment again so that the versions the app was made for are installed, or update the app",
    patterns: [
      /ImportError: cannot import name '(\w{1,80})' from '([\w.]{1,120})'/,
      /AttributeError: module '((?:gradio|huggingface_hub|transformers|diffusers|torchvision|torchaudio|PIL)[\w.]{0,80})' has no attribute '(\w{1,80})'/,
      /TypeError: ([\w.]{1,100})\(\) got an unexpected keyword argument '(\w{1,80})'/,
      /ModuleNotFoundError: No module named '(torchvision\.transforms\.functional_tensor|huggingface_hub\.\w{1,60}|transformers\.\w{1,60}|gradio\.\w{1,60}|pkg_resources)'/,
    ],
    say: (seen) => {
      const { text } = seen;
      const [one, other] = [group(seen), group(seen, 2)];
      const sentence = text.includes("cannot import name")
        ? `The installed ${other.split(".")[0] ?? other} has no ${one}, which the app uses`
        : text.includes("unexpected keyword")
          ? `The installed version of a library does not know ${other} of ${one}, which the app uses`
          : text.includes("has no attribute")
            ? `The installed ${one} has no ${other}, which the app uses`
            : `The installed version of a library has no ${one}, which the app uses`;
      return { sentence, repairs: [offer.recreateVenv(environmentOf(seen)), offer.updateApp()] };
    },
  },
  {
    code: "gradio-schema",
    layer: "program",
    happened: "Gradio and Pydantic do not go together",
    advice: "Install pydantic==2.10.6 into the environment, or update the app",
    patterns: [/TypeError: argument of type 'bool' is not iterable/],
    confirm: (seen) => seen.before(/gradio_client\/utils\.py|gradio_client\\utils\.py/, 12) !== null,
    say: () => ({
      sentence: "The installed Gradio does not go together with the installed Pydantic",
      repairs: [offer.updateApp(), offer.recreateVenv()],
    }),
  },
  {
    code: "module-missing",
    layer: "program",
    happened: "A Python package that the app uses is not installed",
    advice: "Run the app's install script again; if it stays so, make the environment again",
    patterns: [
      /ModuleNotFoundError: No module named '([\w.]{1,120})'/,
      /ImportError: No module named '?([\w.]{1,120})'?$/,
    ],
    confirm: (seen) => !isSurvived(seen),
    say: (seen) => ({
      sentence: `The Python package ${group(seen)} is not installed`,
      ...(seen.facts.hasInstallScript ? {} : { hint: NO_INSTALL_SCRIPT }),
      repairs: [offer.recreateVenv(environmentOf(seen)), offer.updateApp()],
    }),
  },
];
