import { expect, test } from "@jest/globals";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import { appOfPage } from "../../../src/widgets/pages/page-of.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";

const other = sampleApp({ id: AppId.parse("other"), url: "http://127.0.0.1:9000" });
const run = sampleRun({
  state: "ready",
  local: { url: "http://localhost:7860", docs: "http://127.0.0.1:7861/docs" },
  serving: { ports: [5555], url: null, isAnswering: false },
});
const state = { apps: [other, sampleApp()], runs: [run] };

test.each([
  ["http://127.0.0.1:7860/a?b", "hello"],
  ["http://0.0.0.0:7861/", "hello"],
  ["http://127.0.0.1:5555/", "hello"],
  ["http://localhost:9000/", "other"],
  ["http://127.0.0.1:1234/", undefined],
  ["https://example.org:7860/", undefined],
  ["nonsense", undefined],
])("%s is a page of %s", (url, id) => {
  expect(appOfPage(url, state)?.id).toBe(id);
});

test("what a run served that is over is nobody's", () => {
  const ended = { ...run, id: RunId.parse("run_000000000002"), state: "ended" as const };
  expect(appOfPage("http://127.0.0.1:7860/", { apps: [sampleApp()], runs: [ended] })).toBeNull();
});
