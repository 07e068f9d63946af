import { afterEach, expect, test } from "@jest/globals";
import { openScreen, type ScreenStream } from "../../../src/runtime/client/screen-stream.js";
import { createSidecarClient, type SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleRun } from "../../helpers/samples.js";
import { until } from "../../helpers/command-line.js";

const run = sampleRun();
let client: SidecarClient | undefined;
afterEach(() => client?.close());

/** Tries again at once; limits are as they are. */
const soon = (work: () => void, ms: number): NodeJS.Timeout => setTimeout(work, ms < 4_000 ? 0 : ms);

/** A terminal that only writes down what it is given; its screen is the text so far between brackets. */
function open(sidecar = new MemorySidecar()) {
  sidecar.state.runs.push(run);
  sidecar.handlers["output.screen"] ??= () => {
    const { bytes } = sidecar.outputOf(run.id);
    return { offset: bytes.length, columns: 80, rows: 24, text: `[${Buffer.from(bytes.subarray(-20)).toString()}]` };
  };
  const own = createSidecarClient({
    transport: sidecar.transport,
    timers: { setTimeout: soon, clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout), now: Date.now },
    client: { name: "test", version: "0" },
  });
  client = own;
  let shown = "";
  let now = 0;
  const errors: unknown[] = [];
  const stream: ScreenStream = openScreen(
    own,
    run.id,
    {
      onScreen: ({ text }) => void (shown += text),
      onBytes: (bytes) => void (shown += bytes.length > 100 ? `<${bytes.length}>` : Buffer.from(bytes).toString()),
      onEnd: () => void (shown += "|"),
      onError: (error) => errors.push(error),
    },
    { scrollback: 5, now: () => now },
  );
  const shows = (wanted: string) =>
    until(
      () => shown,
      (text) => text === wanted,
      2_000,
    );
  return { sidecar, stream, errors, shows, wait: (ms: number) => void (now += ms) };
}

test("a terminal is given the screen, then what is printed, then the end", async () => {
  const sidecar = new MemorySidecar();
  sidecar.print(run.id, "before");
  const { shows } = open(sidecar);
  await shows("[before]");
  expect(sidecar.asked("output.screen")).toEqual([{ runId: run.id, scrollback: 5 }]);
  sidecar.print(run.id, " after");
  await shows("[before] after");
  sidecar.endOutput(run.id);
  await shows("[before] after|");
});

test("over a new connection it goes on where it was", async () => {
  const { sidecar, shows } = open();
  await shows("[]");
  sidecar.print(run.id, "one");
  await shows("[]one");
  sidecar.drop("network");
  sidecar.print(run.id, " two");
  await shows("[]one two");
  expect(sidecar.asked("output.screen")).toHaveLength(1);
});

test("what is gone is not missed: the screen is drawn anew", async () => {
  const { sidecar, shows } = open();
  await shows("[]");
  sidecar.drop("network");
  sidecar.print(run.id, "0123456789");
  sidecar.forgetOutput(run.id, 5);
  await shows("[][0123456789]");
  sidecar.print(run.id, "x");
  await shows("[][0123456789]x");
});

test("who comes back far behind is shown how things are, and not more often than every two seconds", async () => {
  const { sidecar, shows, wait } = open();
  await shows("[]");
  wait(5_000);
  sidecar.drop("network");
  sidecar.print(run.id, `${"x".repeat(5_000_000)}end`);
  await shows(`[][${"x".repeat(17)}end]`);
  sidecar.print(run.id, "+");
  await shows(`[][${"x".repeat(17)}end]+`);
});

test("asked while the connection is lost, it comes with the next one", async () => {
  const sidecar = new MemorySidecar();
  let asked = 0;
  sidecar.handlers["output.screen"] = () => {
    if (++asked === 1) {
      sidecar.drop("network");
      throw new PinokioError("not-connected", "lost");
    }
    return { offset: 0, columns: 80, rows: 24, text: "[late]" };
  };
  const { shows, errors } = open(sidecar);
  await shows("[late]");
  expect(errors).toEqual([]);
});

test("a screen that cannot be drawn is said, and after closing nothing comes", async () => {
  const sidecar = new MemorySidecar();
  sidecar.handlers["output.screen"] = () => {
    throw new PinokioError("run-missing", "No such run");
  };
  const refused = open(sidecar);
  await until(
    () => refused.errors.length,
    (count) => count === 1,
  );
  client?.close();

  const closed = open();
  closed.stream.close();
  closed.sidecar.print(run.id, "never shown");
  await closed.shows("");
});
