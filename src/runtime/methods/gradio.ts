import * as z from "zod";
import { bodyPieces } from "../base/body-pieces.js";
import { request } from "../base/http-request.js";
import { PinokioError } from "../protocol/errors.js";
import { defineMethod } from "./method.js";

const Config = z.looseObject({
  version: z.string().default("3.0.0"),
  api_prefix: z.string().default(""),
  dependencies: z.array(z.looseObject({ api_name: z.unknown() })).default([]),
});

/** Apps made with Gradio. */
export const gradio = {
  predict: defineMethod({
    summary: "Ask a running Gradio app for a result",
    params: z.looseObject({
      uri: z.string().describe("Address of the app"),
      path: z.string().default("/predict").describe("Name of its endpoint, such as /predict"),
      params: z.array(z.unknown()).default([]).describe("What the endpoint takes, in its order"),
    }),
    run: async ({ uri, path, params }, { signal }) => {
      const root = uri.replace(/\/+$/, "");
      const config = Config.parse(await json(await request(`${root}/config`, { signal }), `${root}/config`));
      const name = path.replace(/^\/+/, "");
      const names = config.dependencies.map(({ api_name }) => String(api_name));
      if (names.length > 0 && !names.includes(name)) {
        throw new PinokioError("step-failed", `${root} has no endpoint "/${name}"`, {
          hint: `It has ${names.map((known) => `/${known}`).join(", ")}`,
        });
      }
      const major = Number(config.version.split(".")[0]);
      if (major < 4) return post(`${root}/run/${name}`, { data: params }, signal);
      const calls = `${root}${config.api_prefix}/call/${name}`;
      const { event_id } = z.looseObject({ event_id: z.string() }).parse(await post(calls, { data: params }, signal));
      return { data: await lastEvent(`${calls}/${event_id}`, signal) };
    },
  }),
};

async function post(url: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  return json(await request(url, { method: "POST", headers, body: JSON.stringify(body), signal }), url);
}

async function json(response: Response, url: string): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) {
    throw new PinokioError("step-failed", `${url} answered ${response.status}: ${text.slice(0, 300)}`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new PinokioError("step-failed", `${url} is no Gradio app: its answer is no JSON`, { cause: error });
  }
}

/** The answer arrives as events; the one called "complete" is it. */
async function lastEvent(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await request(url, { signal, headers: { accept: "text/event-stream" } });
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of bodyPieces(response)) {
    text += decoder.decode(piece, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const field = (name: string): string =>
        lines
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim() ?? "";
      if (field("event") === "complete") return JSON.parse(field("data")) as unknown;
      if (field("event") === "error") {
        const why = field("data");
        throw new PinokioError(
          "step-failed",
          `${url} failed: ${why === "null" || why === "" ? "it does not say why" : why}`,
        );
      }
    }
  }
  throw new PinokioError("step-failed", `${url} ended without a result`);
}
