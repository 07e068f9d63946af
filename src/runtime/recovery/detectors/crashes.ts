import { group, type Detector, type Seen } from "../detector.js";
import { FACT } from "../fact.js";
import { offer } from "../offers.js";
import { isSurvived } from "../survived.js";
import { short } from "../words.js";

/** What bash says of a command that a signal ended: its pid and the command. */
const SHELL = "^(?:\\S{1,60}: )?(?:line \\d{1,6}: )?\\s*\\d{0,9} ?";

const program = (seen: Seen): string => {
  const command = group(seen).trim();
  return command === "" ? "A program" : (command.split(/\s+/)[0]?.split("/").at(-1) ?? "A program");
};

const ended = (name: string): RegExp =>
  new RegExp(`${SHELL}${name}(?: \\(core dumped\\))?(?:$|\\s{2,40}(\\S.{0,300}))`);
const fact = (pattern: string): RegExp => new RegExp(`^${FACT}${pattern}$`);

export const crashes: readonly Detector[] = [
  {
    code: "segmentation-fault",
    layer: "program",
    happened: "A program crashed inside compiled code",
    advice: "Start it again; if it stays so, make the environment again or update the app and the GPU's driver",
    patterns: [
      ended("Segmentation fault"),
      /^Fatal Python error: Segmentation fault/,
      fact("exit 139"),
      fact("signal SIGSEGV"),
    ],
    say: (seen) => ({
      sentence: `${program(seen)} crashed inside compiled code (segmentation fault)`,
      repairs: [offer.retry(), offer.recreateVenv()],
    }),
  },
  {
    code: "illegal-instruction",
    layer: "program",
    happened: "A program uses instructions that this processor does not have",
    advice: "Use a build of the program for older processors, or another machine",
    patterns: [
      ended("Illegal instruction"),
      /^Fatal Python error: Illegal instruction/,
      fact("exit 132"),
      fact("signal SIGILL"),
    ],
    say: (seen) => ({ sentence: `${program(seen)} uses instructions that this processor does not have` }),
  },
  {
    code: "aborted",
    layer: "program",
    happened: "A program ended itself because something went badly wrong in it",
    advice: "Look at its last output; if it tells nothing, update the app",
    patterns: [ended("Aborted"), fact("exit 134"), fact("signal SIGABRT")],
    say: (seen) => {
      const why = seen.before(/^\s*what\(\): {1,4}(\S.{2,200})$/, 6)?.[1];
      return {
        sentence: `${program(seen)} gave up (aborted)${why === undefined ? "" : `: ${short(why)}`}`,
        repairs: [offer.retry()],
      };
    },
  },
  {
    code: "killed",
    layer: "program",
    happened: "A program was killed, and nothing tells by whom",
    advice:
      "Look whether the memory was full at the time; the system's administrator or another program may have ended it",
    patterns: [ended("Killed"), fact("exit 137"), fact("signal SIGKILL")],
    say: (seen) => ({ sentence: `${program(seen)} was killed; nothing tells by whom`, repairs: [offer.retry()] }),
  },
  {
    code: "ended-by-signal",
    layer: "report",
    happened: "A program was told to end",
    advice: "Somebody or another program ended it; start it again",
    patterns: [
      ended("Terminated"),
      ended("Hangup"),
      fact("exit (?:143|129|130)"),
      fact("signal (?:SIGTERM|SIGHUP|SIGINT)"),
    ],
    say: ({ text }) => ({
      sentence: `A program was told to end: ${short(text.replace(FACT, ""), 80)}`,
      repairs: [offer.retry()],
    }),
  },
  {
    code: "program-error",
    layer: "report",
    happened: "The app's own program ended with an error",
    advice: "Look at the output above it; update the app, or tell its author",
    patterns: [
      /^((?:[A-Za-z_]\w{0,60}\.){0,6}[A-Z]\w{0,60}(?:Error|Exception|Warning|Exit|Interrupt|Fault)): (.{1,500})$/,
      /^(?:Uncaught )?((?:[A-Z]\w{0,40})?Error(?: \[\w{1,60}\])?): (.{1,500})$/,
      /^(AssertionError|KeyError|NotImplementedError|RecursionError)$/,
      /^(?:fatal|error|ERROR|FATAL): (.{3,500})$/,
    ],
    unless: /Warning: |pip's dependency resolver does not currently/,
    confirm: (seen) => !isSurvived(seen),
    say: (seen) => ({
      sentence: `The program ended with an error: ${short(group(seen, 2) === "" ? seen.text : `${group(seen).split(".").at(-1) ?? ""}: ${group(seen, 2)}`, 200)}`,
      repairs: [offer.retry(), offer.updateApp()],
    }),
  },
];
