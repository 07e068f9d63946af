import { expect, test } from "@jest/globals";
import { needsOfForm, needsOfLine, needsOfRequires, needsOfStep } from "../../../src/runtime/check/needs.js";
import { LINUX, NVIDIA } from "../../helpers/plain-app.js";

const names = (needs: readonly { name: string }[]): string[] => needs.map(({ name }) => name);

test.each<[string, string[]]>([
  ["conda install -y ffmpeg", ["conda"]],
  ["sudo apt-get install ffmpeg", ["sudo"]],
  ["ffmpeg -i a b || true", ["ffmpeg"]],
  ["git lfs install && git lfs pull", ["git-lfs", "git-lfs"]],
  ["pip install flash-attn --no-build-isolation", ["C compiler"]],
  ["pip install https://host/flash_attn-2-cp310-linux_x86_64.whl", []],
  ["npm install && cmake ..", ["node", "cmake"]],
  ["huggingface-cli login", ["HF_TOKEN"]],
  ["python app.py", []],
])("%s", (line, expected) => expect(names(needsOfLine(line))).toEqual(expected));

test.each<[string, Record<string, unknown>, string[]]>([
  ["shell.run", { conda: { path: "env" }, sudo: true }, ["conda", "sudo"]],
  ["shell.run", { conda: { skip: true } }, []],
  ["shell.run", { env: { OPENAI_API_KEY: "{{env.OPENAI_API_KEY}}" } }, ["OPENAI_API_KEY", "OPENAI_API_KEY"]],
  ["hf.login", {}, ["HF_TOKEN"]],
  ["notify", { html: "Downloads 20 GB and needs 8GB of VRAM" }, ["20 GB", "8GB of VRAM"]],
  ["fs.download", { dir: "https://host/o/comfyui.git/app/models" }, ["https://host/o/comfyui"]],
  ["script.start", { uri: "https://host/o/comfyui.git/start.js" }, []],
])("%s %j", (method, params, expected) => {
  expect(names(needsOfStep(method, params, { method, params }))).toEqual(expected);
});

test("what is required elsewhere is left out", () => {
  const requires = [
    { platform: "darwin", type: "brew", name: "mecab" },
    { gpu: "nvidia", name: "cuda" },
    { type: "conda", name: ["ffmpeg", "cmake"] },
  ];
  expect(names(needsOfRequires(requires, LINUX))).toEqual(["ffmpeg", "cmake"]);
  expect(names(needsOfRequires(requires, NVIDIA))).toEqual(["CUDA toolkit", "ffmpeg", "cmake"]);
  expect(needsOfRequires({ bundle: "ai" }, LINUX)).toEqual([]);
});

test("tokens that a form asks for", () => {
  expect(names(needsOfForm([{ key: "HF_TOKEN" }, { key: "PORT" }]))).toEqual(["HF_TOKEN"]);
});
