import { expect, test } from "@jest/globals";
import { gradio } from "../../../src/runtime/methods/gradio.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";
import { fileServer } from "../../helpers/file-server.js";

const serve = (version: string, event: string) =>
  fileServer((request, response) => {
    if (request.url === "/config") {
      const config = { version, api_prefix: "/gradio_api", dependencies: [{ api_name: "predict" }] };
      return response.end(JSON.stringify(config));
    }
    if (request.url === "/run/predict") return response.end('{"data":["old"]}');
    if (request.method === "POST") return response.end('{"event_id":"e1"}');
    return response.end(`event: heartbeat\ndata: null\n\n${event}`);
  });

test.each([
  ["5.1.0", { data: ["new"] }],
  ["3.50.2", { data: ["old"] }],
])("version %s gives its data", async (version, expected) => {
  await using server = await serve(version, 'event: complete\ndata: ["new"]\n\n');
  expect(await callChecked(gradio.predict, { uri: `${server.url}/`, params: [1] }, fakeContext())).toEqual(expected);
});

test("an error of the app and an unknown endpoint say what", async () => {
  await using server = await serve("5.0.0", 'event: error\ndata: "out of memory"\n\n');
  await expect(callChecked(gradio.predict, { uri: server.url }, fakeContext())).rejects.toThrow("out of memory");
  await expect(callChecked(gradio.predict, { uri: server.url, path: "/x" }, fakeContext())).rejects.toMatchObject({
    hint: "It has /predict",
  });
});
