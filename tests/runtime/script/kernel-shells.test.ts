import { expect, test } from "@jest/globals";
import { shellsOf } from "../../../src/runtime/script/kernel-shells.js";

interface Called {
  method: string;
  params: Record<string, unknown>;
  onData: (data: object) => void;
  end(value: unknown): void;
}

/** Shells whose steps are answered by the test. */
function shells() {
  const calls: Called[] = [];
  const call = (method: string, params: unknown, onData?: unknown): Promise<unknown> =>
    new Promise((end) =>
      calls.push({ method, params: params as Called["params"], onData: onData as Called["onData"], end }),
    );
  return { calls, ...shellsOf(call) };
}

test("each shell has a name, of its own unless the code gives one", async () => {
  const { calls, shell } = shells();
  const first = shell.run({ message: "a" }, { group: "g" });
  void shell.run({ message: "b", id: "mine" });
  void shell.run("words");
  const [a, b, c] = calls as [Called, Called, Called];
  expect(a).toMatchObject({ method: "shell.run", params: { message: "a", group: "g", id: expect.any(String) } });
  expect(b.params["id"]).toBe("mine");
  expect(new Set([a, b, c].map(({ params }) => params["id"])).size).toBe(3);
  a.end({ stdout: "done" });
  expect(await first).toEqual({ stdout: "done" });
});

test("what a shell prints comes with its name and with all of it as plain text", () => {
  const { calls, shell } = shells();
  const heard: unknown[] = [];
  void shell.run({ id: "s" }, undefined, (data: unknown) => heard.push(data));
  const { onData } = calls[0] as Called;
  onData({ raw: "\u001b[31mred\u001b[0m\n" });
  onData({ raw: "next\n" });
  expect(heard).toEqual([
    { raw: "\u001b[31mred\u001b[0m\n", id: "s", cleaned: "red\n" },
    { raw: "next\n", id: "s", cleaned: "red\nnext\n" },
  ]);
  onData({ raw: "x".repeat(200_000) });
  expect((heard.at(-1) as { cleaned: string }).cleaned.length).toBe(100_000);
});

test("the code may go on before its shell is over, and once only", async () => {
  const { calls, shell, sh } = shells();
  const waited = shell.run({ id: "s" });
  shell.resolve("nobody", 1);
  shell.resolve("s", 2);
  expect(await waited).toBe(2);
  shell.resolve("s", 3); // nobody waits any more
  const own = sh();
  const answer = own.request({ message: "serve", id: "not this" });
  expect(calls.at(-1)?.params).toMatchObject({ message: "serve", id: own.id });
  own.resolve("ready");
  expect(await answer).toBe("ready");
  void own.kill();
  expect(calls.at(-1)).toMatchObject({ method: "shell.stop", params: { id: own.id } });
});

test("the rest is as the methods of the same name", () => {
  const { calls, shell } = shells();
  void shell.start({ id: "a" });
  void shell.enter({ id: "a", message: "x" });
  void shell.write({ id: "a", message: "y" });
  void shell.stop({ id: "a" });
  void shell.kill({ id: "a" });
  const names = ["shell.start", "shell.enter", "shell.write", "shell.stop", "shell.stop"];
  expect(calls.map(({ method }) => method)).toEqual(names);
  expect(calls.map(({ params }) => params["message"])).toEqual([undefined, "x", "y", undefined, undefined]);
});
