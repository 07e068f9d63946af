import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { commandsOf } from "../../../src/runtime/methods/shell-message.js";

const special = fc.constantFrom(
  "'",
  '"',
  "$HOME",
  "`id`",
  "\\",
  "\n",
  "\r\n",
  "*",
  "~",
  "!",
  "a b",
  "",
  "-x",
  "{{",
  "é",
  "💥",
  ";",
  "&&",
  "#",
);
/** A word is anything that an argument can be: no zero byte, and no template that came to nothing. */
const word = fc
  .oneof(
    fc.array(special).map((parts) => parts.join("")),
    fc.string({ unit: "grapheme" }),
  )
  .filter((text) => !text.includes("\0") && !/^\{\{.*\}\}$/.test(text));
const flag = fc
  .tuple(fc.stringMatching(/^[a-z][a-z-]{0,8}$/), fc.oneof(word, fc.integer(), fc.boolean(), fc.array(word)))
  .map(([name, value]) => ({ name, value }));

/** What a program sees of its arguments when bash reads the line. */
function seenBy(line: string, variables: Record<string, string>): string[] {
  const show = `show() { printf '%s\\0' "$#" "$@"; }; show ${line}`;
  const { stdout } = spawnSync("bash", ["--noprofile", "--norc", "-c", show], {
    env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C.UTF-8", ...variables },
  });
  const [count = "0", ...words] = stdout.toString("utf8").split("\0");
  return words.slice(0, Number(count));
}

test("bash sees exactly the words that were asked for", () => {
  fc.assert(
    fc.property(
      fc.array(word),
      fc.uniqueArray(flag, { selector: ({ name }) => name }),
      fc.array(word),
      (words, flags, rest) => {
        const message = { _: words, ...Object.fromEntries(flags.map(({ name, value }) => [name, value])), "--": rest };
        const expected = [...words];
        for (const { name, value } of flags) {
          const dashed = name.length === 1 ? `-${name}` : `--${name}`;
          for (const one of [value].flat()) {
            if (one === true) expected.push(dashed);
            else if (one === false) expected.push(`--no-${name}`);
            else expected.push(dashed, String(one));
          }
        }
        if (rest.length > 0) expected.push("--", ...rest);
        const [command] = commandsOf(message, undefined);
        expect(seenBy(command!.line, command!.variables)).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
}, 30_000);

test("a chain of commands as objects keeps the words of each", () => {
  fc.assert(
    fc.property(fc.array(fc.array(word, { minLength: 1 }), { minLength: 2, maxLength: 4 }), (lists) => {
      const message = lists.map((words) => ({ _: ["show", ...words] }));
      const [command] = commandsOf(message, "&");
      const show = `show() { printf '%s\\0' "$@"; }; ${command!.line}`;
      const { stdout } = spawnSync("bash", ["--noprofile", "--norc", "-c", show], {
        env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C.UTF-8", ...command!.variables },
      });
      expect(stdout.toString("utf8").split("\0").slice(0, -1)).toEqual(lists.flat());
    }),
    { numRuns: 100 },
  );
}, 30_000);
