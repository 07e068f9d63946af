import type { Detector, Seen } from "../detector.js";
import { offer } from "../offers.js";

function port(seen: Seen): number | null {
  const found =
    /\('[^']{0,60}', (\d{1,5})\)/.exec(seen.text)?.[1] ??
    /EADDRINUSE: address already in use \S{0,60}?:(\d{1,5})\b/.exec(seen.text)?.[1] ??
    /(?:[Pp]ort |:)(\d{2,5})\b.{0,40}(?:already in use|is in use|in use)/.exec(seen.text)?.[1] ??
    /in range: (\d{1,5})-/.exec(seen.text)?.[1] ??
    seen.before(/(?:--port[ =]|[Pp]ort |:)(\d{4,5})\b/, 6)?.[1];
  return found === undefined ? null : Number(found);
}

export const ports: readonly Detector[] = [
  {
    code: "port-taken",
    layer: "program",
    happened: "Another program uses the port already",
    advice: "Stop the other program, or use another port",
    patterns: [
      /[Aa]ddress already in use/,
      /\bEADDRINUSE\b/,
      /[Pp]ort \d{2,5} is (?:already )?in use/,
      /Cannot find empty port in range: (\d{1,5})-/,
      /bind\(\) to \S{1,60} failed \(98/,
    ],
    say: (seen) => {
      const taken = port(seen);
      return {
        sentence: `${taken === null ? "The port it wants" : `Port ${taken}`} is used by another program`,
        repairs: [offer.otherPort(taken), offer.retry()],
      };
    },
  },
];
