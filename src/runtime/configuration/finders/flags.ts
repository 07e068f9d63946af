import { basename } from "node:path";
import { ANY_WORDS } from "../../base/command-words.js";
import { FIRST_PORT } from "../../base/free-port.js";
import { isSameProgram } from "../../base/own-arguments.js";
import { isSecretSetting } from "../../protocol/secret-names.js";
import { PinokioError } from "../../protocol/errors.js";
import type { Plain } from "../formats/format.js";
import type { KnownFlag } from "../known/flags.js";
import { range } from "../kinds/number.js";
import type { Rules } from "../kinds/kind.js";
import { type Program, programsOf, type WrittenFlag } from "../programs.js";
import type { AppPlace, Finder, Reading, Source, Value, Wanted } from "./finder.js";

/** A flag that a person has set for one command of a script. */
export interface SetFlag {
  script: string;
  program: string[];
  flag: string;
  /** True for one that stands alone; null where what the script has is left out. */
  value: string | true | null;
  alone: boolean;
  many?: boolean | undefined;
}

export interface FlagWorld {
  flags: {
    of(app: string): readonly SetFlag[];
    /** Keeps these for a script, in place of what was there. */
    keep(app: string, script: string, flags: readonly SetFlag[]): void;
  };
}

/**
 * Flags of the programs that an app's scripts start. The script stays as its author wrote it: what a person sets is
 * kept apart, and put into the command when the script is run.
 */
export const flagFinder = (world: FlagWorld): Finder => ({
  find: (app) =>
    Promise.resolve(
      app.launcher.scripts
        .filter(({ path }) => !NOT_STARTS.test(basename(path)))
        .flatMap((script) => {
          const programs = programsOf(app, script);
          const set = world.flags.of(app.id).filter((one) => one.script === script.path);
          return programs.length === 0 && set.length === 0 ? [] : [flagSource(app, script.path, programs, world)];
        }),
    ),
});

const NOT_STARTS =
  /^(?:install|update|upgrade|reset|uninstall|remove|delete|clean|torch|link|unlink|dedup|download|cuda|setup|build)/i;

function flagSource(app: AppPlace, script: string, programs: readonly Program[], { flags: kept }: FlagWorld): Source {
  const ofScript = (): SetFlag[] => kept.of(app.id).filter((one) => one.script === script);
  return {
    id: `flags ${script}`,
    title: `Flags of ${script}`,
    kind: "flags",
    file: null,
    readBy: [script],
    isText: false,
    takesMore: false,
    text: null,
    read: () => readFlags(programs, ofScript()),
    prepare: (wanted) => {
      const before = ofScript();
      const after = wanted.reduce((flags, one) => withFlag(flags, one, { script, programs }), before);
      return {
        commit: () => kept.keep(app.id, script, after),
        takeBack: () => kept.keep(app.id, script, before),
      };
    },
  };
}

const nameOf = (program: readonly string[]): string => program.filter((word) => word !== ANY_WORDS).join(" ");

function readFlags(programs: readonly Program[], set: readonly SetFlag[]): Reading {
  const isOffered = ([flag, { takes }]: [string, WrittenFlag]): boolean =>
    takes === "alone" || !isSecretSetting([flag]);
  const secret = programs.flatMap(({ flags }) => [...flags].filter((one) => !isOffered(one)).map(([flag]) => flag));
  const values = programs.flatMap(({ words, flags }) =>
    [...flags].filter(isOffered).map(([flag, known]): Value => {
      const own = set.find((one) => one.flag === flag && isSameProgram(words, one.program));
      return valueOf([nameOf(words), flag], known, own);
    }),
  );
  const lost = set.filter(
    ({ program, flag }) => !programs.some(({ words, flags }) => isSameProgram(words, program) && flags.has(flag)),
  );
  const notes = [
    "The script stays as it is; what you set is put into its command when it runs",
    ...secret.map((flag) => `${flag} is not offered: others on this machine can read a command line`),
    ...lost.map(
      ({ program, flag }) => `${flag} is set for ${nameOf(program)}, which the script does not start any more`,
    ),
  ];
  return { values, others: 0, notes };
}

function valueOf(path: readonly string[], known: WrittenFlag, own: SetFlag | undefined): Value {
  const { written, takes, label, help, usual: taken } = known;
  const rules = rulesOf(path.at(-1) ?? "", known);
  const more = { path, help, ...(label === "" ? {} : { label }), rules };
  if (takes === "alone") {
    const usual = written !== null;
    return { ...more, value: own === undefined ? usual : own.value !== null, default: usual, optional: false };
  }
  const isOpen = isLeftOpen(known);
  const usual: Plain = typeof written === "string" && !isOpen ? numberOf(written, takes) : null;
  const hint = isOpen ? "by the script" : written === true ? "without a value" : taken;
  const value = own === undefined ? usual : typeof own.value === "string" ? numberOf(own.value, takes) : null;
  return {
    ...more,
    value,
    default: usual,
    optional: true,
    ...(hint === undefined ? {} : { placeholder: hint }),
  };
}

/** The script decides it when it runs: by a template, or by asking for a free port. */
const isLeftOpen = ({ written, takes }: WrittenFlag): boolean =>
  typeof written === "string" && (written.includes("{{") || (takes === "port" && written === String(FIRST_PORT)));

const numberOf = (text: string, takes: KnownFlag["takes"]): Plain =>
  (takes === "number" || takes === "port") && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;

const OF_GPU = /^--(?:gpu|cuda)[_-](?:id|device|index)$/;

function rulesOf(flag: string, { takes, choices, help, written }: WrittenFlag): Rules | undefined {
  switch (takes) {
    case "alone":
      return { kind: "switch" };
    case "port":
      return { kind: "port", whole: true, min: 1, max: 65_535 };
    case "number":
      if (OF_GPU.test(flag)) return undefined;
      return { kind: "number", ...range(help, typeof written === "string" ? Number(written) : null) };
    case "choice":
      return { kind: "choice", choices: [...(choices ?? [])], open: true };
    case "file":
    case "folder":
    case "secret":
      return { kind: takes };
    case "text":
      return undefined;
  }
}

/** What is as the script has it is not kept: the author may change their mind. */
function withFlag(
  set: readonly SetFlag[],
  { path: [name = "", flag = ""], value }: Wanted,
  { script, programs }: { script: string; programs: readonly Program[] },
): SetFlag[] {
  const program = programs.find(({ words }) => nameOf(words) === name);
  const known = program?.flags.get(flag);
  if (program === undefined || known === undefined) {
    throw new PinokioError("request-invalid", `${script} starts nothing that takes ${flag}`);
  }
  const others = set.filter((one) => one.flag !== flag || !isSameProgram(program.words, one.program));
  const alone = known.takes === "alone";
  const next = alone ? (value === true ? true : null) : value === null ? null : String(value);
  const isUsual = next === (alone && known.written !== null ? true : known.written);
  // A form shows nothing for what the script decides when it runs, and for a flag that needs no value.
  const isOpen = next === null && !alone && (known.written === true || isLeftOpen(known));
  const many = known.many === true ? { many: true } : {};
  return isUsual || isOpen
    ? others
    : [...others, { script, program: program.words, flag, value: next, alone, ...many }];
}
