import type { CheckFinding, CheckMachine } from "../protocol/check.js";

const DECLARED: { pattern: RegExp; suits(machine: CheckMachine): boolean }[] = [
  {
    pattern:
      /\bnvidia(?:\s+(?:gpus?|cards?|cuda))?\s+only|\bonly\s+(?:for|on|works?\s+(?:on|with))\s+nvidia\b|\brequires?\s+(?:an?\s+)?nvidia\b/i,
    suits: ({ gpu }) => gpu === "nvidia",
  },
  {
    pattern: /\bwindows\s+only|\bonly\s+(?:for|on|works?\s+on)\s+windows\b/i,
    suits: ({ platform }) => platform === "win32",
  },
  {
    pattern: /\b(?:mac(?:os)?|apple\s+silicon)\s+only|\bonly\s+(?:for|on|works?\s+on)\s+(?:mac|apple)\w*/i,
    suits: ({ platform }) => platform === "darwin",
  },
];

/** Where an app's own words say that it is for other machines. */
export function declaredElsewhere(text: string, machine: CheckMachine): CheckFinding[] {
  return DECLARED.flatMap(({ pattern, suits }) => {
    const words = pattern.exec(text)?.[0];
    if (words === undefined || suits(machine)) return [];
    return [{ level: "warning", kind: "app", message: `It says of itself: “${words.trim()}”` }];
  });
}
