/** A line with a progress bar in it, taken apart so that the bar can be drawn. */
export interface BarLine {
  before: string;
  /** 0 to 1. */
  share: number;
  behind: string;
}

/** Blocks, dots and arrows that bars are made of, with what stands around them. */
const BAR =
  /[|[(▕▏]?(?: *[█▉▊▋▌▍▎▏▐░▒▓■□━╸╺─╴╶⣿⣀]{2,}[█▉▊▋▌▍▎▏▐░▒▓■□━╸╺─╴╶⣿⣀ ]*|(?<=[|[(])[#=>\-. ]{4,}|[#=>-]{4,}[#=>\-. ]*|(?<=\|)[ █▉▊▋▌▍▎▏]{4,})[\])|▏▕]?/u;
const PERCENT = /(\d{1,3}(?:\.\d+)?) ?%/;
const AMOUNTS = /(?<![\d.])(\d+(?:\.\d+)?) ?([kKMGT]?)i?B? ?(?:\/|of) ?(\d+(?:\.\d+)?) ?([kKMGT]?)i?B?(?![\w/])/;
const SIZES = ["", "K", "M", "G", "T"];

/** Reads what tqdm, pip, git, npm and their like draw; null where no share can be read. */
export function readBarLine(line: string): BarLine | null {
  const share = shareIn(line);
  if (share === null) return null;
  const bar = BAR.exec(line);
  if (bar === null) return { before: line.trimEnd(), share, behind: "" };
  return {
    before: line.slice(0, bar.index).trimEnd(),
    share,
    behind: line.slice(bar.index + bar[0].length).trim(),
  };
}

function shareIn(line: string): number | null {
  const percent = PERCENT.exec(line)?.[1];
  if (percent !== undefined) return within(Number(percent) / 100);
  const [, done = "", unit = "", total = "", totalUnit = ""] = AMOUNTS.exec(line) ?? [];
  const whole = Number(total) * sizeOf(totalUnit || unit);
  return whole > 0 ? within((Number(done) * sizeOf(unit || totalUnit)) / whole) : null;
}

const sizeOf = (unit: string): number => 1024 ** Math.max(0, SIZES.indexOf(unit.toUpperCase()));
const within = (share: number): number => Math.min(1, Math.max(0, share));
