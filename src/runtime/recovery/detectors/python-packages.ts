import { group, type Detector, type Seen } from "../detector.js";
import { offer } from "../offers.js";
import { short } from "../words.js";

/** Which Python was at work, where the output tells: by a path, or in uv's own words. */
function python(seen: Seen): string {
  const found =
    seen.before(/\bpython(3\.\d{1,2})\b/, 60)?.[1] ??
    seen.before(/Using (?:C)?Python (3\.\d{1,2})/, 60)?.[1] ??
    seen.before(/-cp(3\d{1,2})-/, 60)?.[1]?.replace(/^3/, "3.");
  return found === undefined ? "this Python" : `Python ${found}`;
}

const NAME = "[A-Za-z0-9][\\w.\\-]{0,80}";
const SPEC = `${NAME}(?:\\[[\\w,\\- ]{1,80}\\])?(?: ?[=<>!~]=?[^\\s,()]{1,40}(?:,[^\\s()]{1,40})?)?`;

export const pythonPackages: readonly Detector[] = [
  {
    code: "package-conflict",
    layer: "package",
    happened: "Packages want versions of one another that do not go together",
    advice: "Update the app; if it stays so, its author has to choose versions that fit",
    patterns: [
      /^ERROR: Cannot install (.{1,400}) because these package versions have conflicting dependencies/,
      /^\s*(?:cause: |╰─▶ )?Because (.{1,1000})$/,
      /^ERROR: ResolutionImpossible/,
    ],
    confirm: (seen) =>
      seen.text.includes("ERROR:") ||
      (/requirements are unsatisfiable|cannot be used/.test(seen.whole()) &&
        !/Python version .{1,60} does not satisfy/.test(seen.whole()) &&
        !isVersionMissing(seen)),
    say: (seen) => {
      const pip = /^ERROR: Cannot install (.{1,400}) because/.exec(seen.text)?.[1];
      const needs = [1, 2].map(
        (nth) => seen.after(new RegExp(`^    ((?!The user)\\S.{0,80} depends on .{1,80})$`), 6 + nth)?.[1],
      );
      const uv = /Because (\S{1,120}) depends on (\S{1,120}) and you require/.exec(seen.whole());
      if (pip !== undefined) {
        return {
          sentence: `${short(pip)} do not go together${needs[0] === undefined ? "" : `: ${short(needs[0])}`}`,
          repairs: [offer.updateApp(), offer.recreateVenv()],
        };
      }
      return {
        sentence:
          uv === null
            ? `Packages do not go together: ${short(seen.whole().replace(/^(?:cause: |[×╰─▶ ]+)/, ""))}`
            : `Packages do not go together: ${uv[1] ?? ""} depends on ${uv[2] ?? ""}`,
        repairs: [offer.updateApp(), offer.recreateVenv()],
      };
    },
  },
  {
    code: "package-version-missing",
    layer: "package",
    happened: "No version of a package fits what is asked for, this Python and this machine",
    advice:
      "The app may want a newer or older Python than its environment has: update it, or make the environment again",
    patterns: [
      new RegExp(
        `^ERROR: Could not find a version that satisfies the requirement (${SPEC}) .{0,200}\\(from versions: (.{0,1800})`,
      ),
      new RegExp(`^ERROR: No matching distribution found for (${SPEC})`),
      /^\s*(?:cause: |╰─▶ )?Because (.{1,1000})$/,
      /has no wheels with a matching Python (?:ABI|version|implementation) tag/,
    ],
    confirm: (seen) => seen.text.startsWith("ERROR:") || isVersionMissing(seen),
    say: (seen) => {
      const uv =
        /(?:there (?:is|are) no versions? of |and |Because )([A-Za-z0-9][\w.\-[\]]{0,80}(?:[=<>!~]=?[\w.*+!]{1,40})?)(?: has no| and you require| was not found|, we can)/.exec(
          seen.whole(),
        )?.[1];
      const name = seen.text.startsWith("ERROR:") ? group(seen) : (uv ?? "A package");
      const versions = group(seen, 2).replace(/\)$/, "");
      const none = versions === "none" || /not found in the package registry/.test(seen.whole());
      const last = versions.split(", ").at(-1);
      return {
        sentence: none
          ? `There is no package ${name}, or none for ${python(seen)} on this machine`
          : `The package ${name} has no version for ${python(seen)} on this machine${
              last === undefined || last === "" || seen.text.length >= 1_900 ? "" : `; the newest is ${last}`
            }`,
        repairs: [offer.recreateVenv(), offer.updateApp()],
      };
    },
  },
  {
    code: "package-python-mismatch",
    layer: "package",
    happened: "A package wants another version of Python",
    advice: "Make the environment again with the Python that the package wants",
    patterns: [
      new RegExp(`Package '?(${NAME})'? requires a different Python: ([\\d.]{3,12}) not in '([^']{1,60})'`),
      /Because the (?:requested|current) Python version \(([^)]{1,30})\) does not satisfy Python([^\s,]{2,40}) and (\S{1,100}) depends/,
    ],
    say: (seen) => {
      const [name, has, wants] = seen.text.includes("requires a different")
        ? [group(seen, 1), group(seen, 2), group(seen, 3)]
        : [group(seen, 3), group(seen, 1), group(seen, 2)];
      return {
        sentence: `The package ${name} wants Python ${wants}, and the environment has ${has}`,
        repairs: [offer.recreateVenv(), offer.updateApp()],
      };
    },
  },
  {
    code: "package-hash-mismatch",
    layer: "package",
    happened: "A package is not the file that was expected",
    advice: "Clear what was loaded and try again; if it stays so, do not install it and tell the app's author",
    patterns: [
      /THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE/,
      /Hash mismatch for `([^`]{1,120})`/,
      /EINTEGRITY/,
    ],
    say: (seen) => {
      const name = group(seen) || seen.after(/^ {4}(\S{1,120}) from /, 2)?.[1];
      return {
        sentence: `${name ?? "A package"} is not the file that was expected`,
        repairs: [offer.clearPartial(), offer.retry()],
      };
    },
  },
  {
    code: "package-damaged",
    layer: "package",
    happened: "A package arrived damaged",
    advice: "Clear what was loaded and try again",
    patterns: [
      /Wheel '([^']{1,120})' located at \S{1,300} is invalid/,
      /ERROR: .{0,100}BadZipFile|zipfile\.BadZipFile: (?:Bad CRC-32|Bad magic)/,
      /Failed to extract archive|invalid (?:Zip|gzip) header/i,
    ],
    say: (seen) => ({
      sentence: `${group(seen) === "" ? "A package" : `The package ${group(seen)}`} arrived damaged`,
      repairs: [offer.clearPartial(), offer.retry()],
    }),
  },
  {
    code: "environment-missing",
    layer: "package",
    happened: "Packages should be installed and there is no environment to install them into",
    advice:
      "Run the app's install script again; its steps need a venv (the active environment is for packages of type library)",
    patterns: [/No virtual environment found; run `uv venv`/, /error: externally-managed-environment/],
    say: () => ({
      sentence: "There is no virtual environment to install packages into",
      repairs: [offer.recreateVenv(), offer.updateApp()],
    }),
  },
  {
    code: "environment-broken",
    layer: "package",
    happened: "The Python that an environment was made with is gone",
    advice: "Make the environment again",
    patterns: [
      /^(?:\S{0,40}: )?(?:line \d{1,6}: )?(\S{1,300}\/bin\/\S{1,60}): (\S{1,300}\/python[\d.]{0,6}): bad interpreter/,
      /^(?:\S{0,40}: )?(?:line \d{1,6}: )?(\S{1,300}\/bin\/\S{1,60}): cannot execute: required file not found/,
      /(?:No Python at|did not find executable at) '([^']{1,300})'/,
    ],
    say: (seen) => ({
      sentence: `${group(seen)} belongs to an environment whose Python is gone`,
      repairs: [offer.recreateVenv(folderOfEnvironment(group(seen)))],
    }),
  },
  {
    code: "conda-unsolvable",
    layer: "package",
    happened: "Conda found no set of packages that fit together",
    advice: "Update the app; if it stays so, its author has to choose versions that fit this machine",
    patterns: [
      /LibMambaUnsatisfiableError: /,
      /^(?:\w{1,40}\.)?(?:ResolvePackageNotFound|PackagesNotFoundError|UnsatisfiableError|NoPackagesFoundError): ?/,
      /libmamba Could not solve for environment specs/,
      /^error {1,6}libmamba .{0,200}nothing provides/,
    ],
    say: (seen) => {
      const reason =
        seen.after(/nothing provides (?:requested )?(\S.{0,100})$/, 4)?.[1] ??
        seen.before(/nothing provides (?:requested )?(\S.{0,100})$/, 4)?.[1] ??
        seen.after(/^ {2}- (\S.{0,100})$/, 4)?.[1];
      return {
        sentence: `Conda found no set of packages that fit${reason === undefined ? "" : `: nothing provides ${reason}`}`,
        repairs: [offer.recreateVenv(), offer.updateApp()],
      };
    },
  },
];

/** Of what uv says, the kind where one package alone cannot be had. */
function isVersionMissing(seen: Seen): boolean {
  const text = seen.whole();
  return (
    /requirements are unsatisfiable|cannot be used/.test(text) &&
    !/ depends on /.test(text) &&
    /there (?:is|are) no versions? of|has no usable wheels|has no wheels|was not found in the package registry|only .{1,200} (?:is|are) available/.test(
      text,
    )
  );
}

const folderOfEnvironment = (program: string): string | null =>
  program.startsWith("/") && program.includes("/bin/") ? program.slice(0, program.lastIndexOf("/bin/")) : null;
