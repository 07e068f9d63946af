import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ownTextsOf, renderStep, type Scope } from "../../../src/runtime/script/template.js";

const scopeOf = (names: Record<string, unknown>): Scope =>
  Object.assign(Object.create(null) as Scope, { platform: "linux", gpu: "nvidia", os, path, local: {} }, names);

/** The parameters of a step, rendered. */
function render(params: unknown, names: Record<string, unknown> = {}, self: unknown = {}): unknown {
  const scope = scopeOf({ self, ...names });
  const { step } = renderStep({ method: "log", params }, { scope, isOwnText: ownTextsOf(self) });
  return (step as { params: unknown }).params;
}

function isWanted(when: unknown, names: Record<string, unknown> = {}): boolean {
  const scope = scopeOf(names);
  return renderStep({ method: "log", when }, { scope, isOwnText: () => false }).isWanted;
}

describe("a text that is one template has the value's type", () => {
  test.each([
    ["{{input.n}}", { input: { n: 5 } }, 5],
    ["{{1<2}}", {}, true],
    ["{{false ? 1 : null}}", {}, null],
    ["{{''}}", {}, ""],
    ["{{[1,2]}}", {}, [1, 2]],
    ["{{ ({a:{b:1}}) }}", {}, { a: { b: 1 } }],
    ["{{ 1+1 }}", {}, 2],
    ["{{Buffer.from('a').toString('hex')}}", {}, "61"],
    ["{{os.platform()}}", {}, os.platform()],
    ["{{path.sep}}", {}, "/"],
    ["{{typeof require}}", {}, "undefined"],
    ["{{typeof process}}", {}, "object"],
    ["{{typeof missing}}", {}, "undefined"],
    ["{{(() => { let a = 1; return a + 1 })()}}", {}, 2],
    ["{{1, 2}}", {}, 2],
    ["{{1; 2}}", {}, 1],
  ])("%s", (text, names, expected) => {
    expect(render({ p: text }, names)).toEqual({ p: expected });
  });

  test("the very object comes through, not a copy", () => {
    const buffer = Buffer.from("a");
    const object = { a: 1 };
    const rendered = render({ buffer: "{{input.buffer}}", object: "{{input.object}}" }, { input: { buffer, object } });
    expect((rendered as { buffer: unknown }).buffer).toBe(buffer);
    expect((rendered as { object: unknown }).object).toBe(object);
  });
});

describe("templates within a text", () => {
  test.each([
    ["a {{platform}} b {{gpu}}", "a linux b nvidia"],
    ["{{platform}} ", "linux "],
    [" {{platform}} {{gpu}}", " linux nvidia"],
    ["a {{null}} b", "a null b"],
    ["a {{0}}{{false}}{{''}} b", "a 0false b"],
    ["a {{({})}} b", "a [object Object] b"],
    ["a {{[1,2]}} b", "a 1,2 b"],
    ["{{platform}}\n{{gpu}}", "linux\nnvidia"],
    ["{{platform}} {{gpu}}", "linux nvidia"],
    ["{{1}} and {{2}}", "1 and 2"],
  ])("%j", (text, expected) => {
    expect(render({ p: text })).toEqual({ p: expected });
  });

  test("dollar signs in a value are only dollar signs", () => {
    expect(render({ p: "x {{input}} y" }, { input: "a$&b$1$$" })).toEqual({ p: "x a$&b$1$$ y" });
  });
});

describe("what has no value stays as it was written", () => {
  test.each([
    "{{local.nope}}",
    "{{nope.x}}",
    "{{local.a.b}}",
    "a {{local.nope}} b",
    "{{}}",
    "{{platform\n}}",
    "x {{ 1\n + 1 }} y",
    "x {{ if }} y {{platform}}",
    "x {{ JSON.stringify({a:{b:1}}) }} y",
  ])("%j", (text) => {
    expect(render({ p: text })).toEqual({ p: text });
  });

  test("next to what has one", () => {
    expect(render({ p: "a {{local.nope}} b {{platform}}" })).toEqual({ p: "a {{local.nope}} b linux" });
  });

  test("what is no expression leaves the nearest object as it was written, and that one only", () => {
    const written = { inner: { a: "{{await 1}}", b: "{{platform}}" }, c: "{{platform}}" };
    expect(render(written)).toEqual({ inner: { a: "{{await 1}}", b: "{{platform}}" }, c: "linux" });
    expect(render({ p: "{{let a = 1; a}}" })).toEqual({ p: "{{let a = 1; a}}" });
  });

  test("an expression cannot close the code around it", () => {
    expect(render({ p: "{{1} } globalThis.hacked = 1; {{2}}" })).toEqual({ p: "{{1} } globalThis.hacked = 1; {{2}}" });
    expect((globalThis as Record<string, unknown>)["hacked"]).toBeUndefined();
  });
});

describe("three braces keep two", () => {
  test.each([
    ["{{{platform}}}", "{{platform}}"],
    ["x {{{platform}}} {{gpu}}", "x {{platform}} {{gpu}}"],
    ["a {{{platform}}} b", "a {{platform}} b"],
  ])("%s", (text, expected) => {
    expect(render({ p: text, list: [text] })).toEqual({ p: expected, list: [expected] });
  });
});

describe("keys and lists", () => {
  test("keys are rendered; null and false leave the entry out", () => {
    const written = { "{{platform}}": 1, "{{null}}": 2, "{{false}}": 3, "pre_{{gpu}}": 4 };
    expect(render(written)).toEqual({ linux: 1, pre_nvidia: 4 });
  });

  test("elements of a list keep their places", () => {
    const written = ["{{local.nope}}", "{{null}}", "", 1, { c: "v={{platform}}" }];
    expect(render(written)).toEqual(["{{local.nope}}", null, "", 1, { c: "v=linux" }]);
  });

  test("functions, dates and instances are not looked into", () => {
    class Thing {
      text = "{{platform}}";
    }
    const thing = new Thing();
    const call = (): string => "{{platform}}";
    expect(render({ thing, call })).toEqual({ thing, call });
    expect(thing.text).toBe("{{platform}}");
  });
});

describe("only the script's own text is a template", () => {
  const evil = "{{(globalThis.hacked = 'x') && 'run'}}";

  test.each([
    ["a value from a result", "{{input}}", { input: evil }],
    ["a value in local memory", "{{local.t}}", { local: { t: evil } }],
    ["an argument", "{{args.p}}", { args: { p: evil } }],
    ["a variable of the environment", "{{env.X}}", { env: { X: evil } }],
  ])("%s is inserted, whole and in parts", (_, text, names) => {
    expect(render({ p: text, q: `got: ${text}`, list: [text] }, names)).toEqual({
      p: evil,
      q: `got: ${evil}`,
      list: [evil],
    });
    expect((globalThis as Record<string, unknown>)["hacked"]).toBeUndefined();
  });

  test("nor is an object that holds such a text, nor a text put together from both", () => {
    expect(render({ p: "{{input}}" }, { input: { deep: [evil] } })).toEqual({ p: { deep: [evil] } });
    expect(render({ p: "{{self.say + input}}" }, { input: evil }, { say: "hi " })).toEqual({ p: `hi ${evil}` });
    expect(render({ p: "{{ ({a: self.say, b: input}) }}" }, { input: evil }, { say: "{{gpu}}" })).toEqual({
      p: { a: "nvidia", b: evil },
    });
    expect((globalThis as Record<string, unknown>)["hacked"]).toBeUndefined();
  });

  test("data cannot complete a template that it stands next to", () => {
    expect(render({ p: "{{input}}{platform}} x" }, { input: "{" })).toEqual({ p: "{{platform}} x" });
  });

  test("data may be a key", () => {
    expect(render({ "k_{{input}}": 1 }, { input: evil })).toEqual({ [`k_${evil}`]: 1 });
  });

  test("what comes through self is rendered again", () => {
    const self = { cmd: "echo {{platform}}", cmds: { a: ["{{gpu}}"] } };
    expect(render({ p: "{{self.cmd}}", q: "x {{self.cmd}}" }, {}, self)).toEqual({
      p: "echo linux",
      q: "x echo linux",
    });
  });

  test("four times at most", () => {
    const self = { l1: "{{self.l2}}", l2: "{{self.l3}}", l3: "{{self.l4}}", l4: "{{self.l5}}", l5: "bottom" };
    expect(render({ p: "{{self.l2}}" }, {}, self)).toEqual({ p: "bottom" });
    expect(render({ p: "{{self.l1}}" }, {}, self)).toEqual({ p: "{{self.l5}}" });
  });

  test("a text right in a list does not ask for another pass", () => {
    const self = { t: "{{platform}}" };
    expect(render(["{{self.t}}"], {}, self)).toEqual(["{{platform}}"]);
    expect(render({ list: ["{{self.t}}"], p: "{{self.t}}" }, {}, self)).toEqual({ list: ["linux"], p: "linux" });
  });
});

describe("when", () => {
  test.each([
    ["{{local.missing}}", false],
    ["{{missingVar}}", true],
    ["{{!missingVar}}", true],
    ["{{local.missing.x}}", true],
    ["false", true],
    ["{{'false'}}", true],
    ["", false],
    ["{{''}}", false],
    ["{{0}}", false],
    ["{{null}}", false],
    ["{{undefined}}", false],
    [true, true],
    [false, false],
    [0, false],
    [1, true],
    [null, false],
    [[], true],
    [{}, true],
    ["{{platform === 'linux'}}", true],
    ["{{platform === 'win32'}}", false],
  ])("%j", (when, expected) => {
    expect(isWanted(when)).toBe(expected);
  });

  test("without it a step is wanted", () => {
    expect(renderStep({ method: "log" }, { scope: scopeOf({}), isOwnText: () => false }).isWanted).toBe(true);
  });
});
