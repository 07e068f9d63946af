import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const STYLES = new URL("../../../src/widgets/style/", import.meta.url).pathname;
const ALLOWED = "@media (prefers-reduced-motion: no-preference)";

/** Rules that move something, each with the at-rules around it. */
function moving(css: string): string[] {
  const around: string[] = [];
  const found: string[] = [];
  for (const [, head, close, text] of css.matchAll(/([^{}]*)\{|(\})|([^{}]+(?=\}))/g)) {
    if (head !== undefined) around.push(head.trim());
    if (close !== undefined) around.pop();
    if (text === undefined || around.includes(ALLOWED)) continue;
    if (/(^|[;\s])(animation|transition|scroll-behavior)\s*:/.test(text)) found.push(`${around.join(" > ")} {${text}}`);
  }
  return found;
}

test("a rule that moves is found, and one that asks first is not", () => {
  expect(moving(".a { color: red; } .b { transition: opacity 1s; }")).toEqual([".b { transition: opacity 1s; }"]);
  expect(moving(`${ALLOWED} { .b { transition: opacity 1s; } } .c { color: red; }`)).toEqual([]);
});

test.each(readdirSync(STYLES).filter((file) => file.endsWith("-css.ts")))(
  "nothing of %s moves for people who asked for less motion",
  (file) => expect(moving(readFileSync(join(STYLES, file), "utf8"))).toEqual([]),
);
