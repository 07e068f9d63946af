import type { Progress } from "../protocol/progress.js";

/** Blocks, dots and arrows that bars are made of. */
const BAR = /[|[(▕▏]?\s*(?:[█▉▊▋▌▍▎▏▐░▒▓■□━╸╺─╴╶⣿⣀⠿]|[#=>\-.]{3,})[█▉▊▋▌▍▎▏▐░▒▓■□━╸╺─╴╶⣿⣀⠿#=>\-. ]*[\])|▏▕]?/gu;
const SPINNER = /^\s*(?:[\u2800-\u28ff◐◓◑◒⏳✶✻✽]|[|/\\-](?=\s))\s*/u;

const PERCENT = /(\d{1,3}(?:\.\d+)?)\s?%/;
const NUMBER = "\\d+(?:[.,]\\d+)?";
const UNIT = "(?:[kKMGT]i?B?|[Bb](?:ytes)?)";
/** Of two amounts the last unit counts for both, unless the first has one of its own. */
const AMOUNTS = new RegExp(`(?<![\\d.])(${NUMBER})\\s?(${UNIT})?\\s?(?:/|of)\\s?(${NUMBER})\\s?(${UNIT})?(?![\\w/])`);
const ONE_AMOUNT = new RegExp(`(?<![\\d./])(${NUMBER})\\s?(${UNIT})(?![\\w/])`);
const RATE = new RegExp(`(${NUMBER}|\\?)\\s?((?:[kKMGT]i?)?[Bb]|it|files?|s)(?:/s(?:ec)?|/it|ps)\\b`);
const BARE_RATE = new RegExp(`\\bDL:(${NUMBER})\\s?(${UNIT})`);
/** `eta 0:12`, `ETA: 1m 12s`, tqdm's `<00:46`, or the time behind a rate. */
const CLOCK = "(?:\\d+:)?\\d{1,2}:\\d{2}";
const WORDS = "(?:\\d+\\s?h(?:ours?)?\\s?)?(?:\\d+\\s?m(?:in\\w*)?\\s?)?(?:\\d+\\s?s(?:ec\\w*)?)?";
const LEFT = new RegExp(`(?:\\beta:?\\s*|<|/s(?:ec)?,?\\s+)(?:(${CLOCK})|(?=\\d)(${WORDS}))`, "i");

/** No terminal is wider. */
const LONGEST = 400;

/** Reads one line that a program keeps drawing anew; null when it is no progress. */
export function readProgressLine(written: string): Progress | null {
  const line = written.slice(0, LONGEST).replace(/^remote:\s*/, "");
  return readCurl(line) ?? readBar(line) ?? readSpinner(line);
}

function readBar(line: string): Progress | null {
  const percent = PERCENT.exec(line);
  const amounts = AMOUNTS.exec(line.replace(BAR, (bar) => " ".repeat(bar.length)));
  const rate = RATE.exec(line) ?? BARE_RATE.exec(line);
  if (percent === null && amounts === null && rate === null) return null;
  const [done, total] = amountsOf(amounts, line);
  const share = percent === null ? shareOf(amounts) : Number(percent[1]);
  if (share === null && done === null) return null;
  const firsts = [percent?.index, amounts?.index, rate?.index, line.search(BAR)];
  const first = Math.min(...firsts.filter((at) => at !== undefined && at >= 0).map(Number));
  return {
    label: labelIn(line.slice(0, first)),
    percent: share === null ? null : Math.min(100, share),
    done,
    total,
    rate: rate === null || rate[1] === "?" ? null : rateText(rate),
    secondsLeft: secondsIn(LEFT.exec(line)),
  };
}

function amountsOf(found: RegExpExecArray | null, line: string): [done: string | null, total: string | null] {
  if (found === null) {
    const one = ONE_AMOUNT.exec(line.replace(RATE, " "));
    return one === null ? [null, null] : [`${one[1]} ${unitText(one[2])}`, null];
  }
  const [, done = "", unit, total = "", totalUnit] = found;
  const last = unitText(totalUnit ?? unit);
  const own = unit === undefined || totalUnit === undefined || unitText(unit) === last ? "" : ` ${unitText(unit)}`;
  return [`${done}${own}`, last === "" ? total : `${total} ${last}`];
}

function shareOf(found: RegExpExecArray | null): number | null {
  if (found === null) return null;
  const [, done = "", unit, total = "", totalUnit] = found;
  const whole = amount(total) * sizeOf(totalUnit ?? unit);
  return whole > 0 ? Math.floor((100 * amount(done) * sizeOf(unit ?? totalUnit)) / whole) : null;
}

const amount = (text: string): number => Number(text.replace(",", "."));
const sizeOf = (unit = ""): number => 1024 ** Math.max(0, "BKMGT".indexOf(unit.charAt(0).toUpperCase()));

/** "G", "GB" and "gb" are written as one. */
function unitText(unit = ""): string {
  if (unit === "") return "";
  const size = unit.charAt(0).toUpperCase();
  return size === "B" ? "B" : `${size === "K" ? "k" : size}${unit.includes("i") ? "i" : ""}B`;
}

function rateText([whole, number = "", unit = ""]: RegExpExecArray): string {
  if (/^(?:it|files?|s)$/.test(unit)) return `${number} ${unit}${whole.endsWith("it") ? "/it" : "/s"}`;
  return `${number} ${unitText(unit)}/s`;
}

function secondsIn(found: RegExpExecArray | null): number | null {
  if (found === null) return null;
  const [, clock, words] = found;
  if (clock !== undefined) return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  const part = (letter: string): number => Number(new RegExp(`(\\d+)\\s?${letter}`).exec(words ?? "")?.[1] ?? 0);
  return part("h") * 3600 + part("m") * 60 + part("s");
}

const labelIn = (text: string): string =>
  text
    .replace(SPINNER, "")
    .replace(/[\s:|([{•·–-]+$/u, "")
    .replace(/^[\s[(|]+/, "")
    .replace(NUMBER_OF_A_TASK, "")
    .trim();

/** As aria2 calls what it fetches. */
const NUMBER_OF_A_TASK = /^#[\da-f]+$/;

/** A program that says what it does, and not how far it is. */
function readSpinner(line: string): Progress | null {
  if (!SPINNER.test(line)) return null;
  const label = line.replace(SPINNER, "").replace(/[.…\s]+$/u, "");
  if (!/\p{L}{2}/u.test(label)) return null;
  return { label, percent: null, done: null, total: null, rate: null, secondsLeft: null };
}

/** % Total, % Received, % Xferd, average speed both ways, time in all, spent and left, current speed. */
const CURL =
  /^\s*(\d{1,3})\s+(\d\S*)\s+(\d{1,3})\s+(\d\S*)\s+\d{1,3}\s+\d\S*\s+(\d\S*)\s+\d\S*\s+[\d:-]+\s+[\d:-]+\s+([\d:-]+)\s+(\d\S*)\s*$/;

function readCurl(line: string): Progress | null {
  const found = CURL.exec(line);
  if (found === null) return null;
  const [, , total = "", percent = "", done = "", , left = "", now = ""] = found;
  const isKnown = total !== "0";
  return {
    label: "",
    percent: isKnown ? Number(percent) : null,
    done: curlAmount(done),
    total: isKnown ? curlAmount(total) : null,
    rate: `${curlAmount(now)}/s`,
    secondsLeft: left.includes("-") ? null : secondsIn([left, left, undefined] as unknown as RegExpExecArray),
  };
}

const curlAmount = (text: string): string => {
  const unit = /[kMGTP]$/i.exec(text)?.[0];
  return unit === undefined ? `${text} B` : `${text.slice(0, -1)} ${unitText(unit)}`;
};
