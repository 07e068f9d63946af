// What people type who look for something, and what they should see without scrolling.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Catalog, createCatalog } from "../../../src/runtime/catalog/catalog.js";
import { catalogWorld, WITHOUT_GPU } from "../../helpers/catalog-world.js";

/** [what is typed, what is meant] */
const EXPECTED: readonly (readonly [string, string])[] = [
  // names
  ["comfyui", "comfy"],
  ["comfy", "comfy"],
  ["fooocus", "fooocus"],
  ["forge", "stable-diffusion-webui-forge"],
  ["automatic1111", "automatic1111"],
  ["a1111", "a1111"],
  ["invokeai", "invoke"],
  ["whisper", "whisper-webui"],
  ["kokoro", "kokoro-tts-multilingual"],
  ["sillytavern", "sillytavern"],
  ["open webui", "open-webui"],
  ["oobabooga", "oobabooga_pinokio"],
  ["n8n", "n8n-pinokio"],
  ["f5", "indicf5"],
  ["trellis", "trellis"],
  ["hunyuan3d", "hunyuan3d-2-lowvram"],
  ["framepack", "frame-pack"],
  ["facefusion", "facefusion-pinokio"],
  ["bolt", "bolt_new"],
  ["dia", "nari-dia-tts"],
  // as one word, as two, with other spelling
  ["comfy ui", "comfy"],
  ["face fusion", "facefusion-pinokio"],
  ["live portrait", "liveportrait"],
  ["stablediffusion", "automatic1111"],
  ["silly tavern", "sillytavern"],
  ["ace step", "ace-step"],
  ["iopaint", "iopaint-pinokio"],
  ["io paint", "iopaint-pinokio"],
  ["rvc", "rvc_pinokio"],
  // beginnings, as somebody types
  ["foo", "fooocus"],
  ["chatterb", "chatterbox"],
  ["openv", "openvoice2"],
  ["upsc", "image-upscale"],
  ["transc", "whisper-webui"],
  ["hunyu", "hunyuan3d-2-lowvram"],
  // slips of the finger
  ["confyui", "comfy"],
  ["comfyiu", "comfy"],
  ["foocus", "fooocus"],
  ["fooocsu", "fooocus"],
  ["stabel diffusion", "automatic1111"],
  ["stable difusion", "automatic1111"],
  ["wisper", "whisper-webui"],
  ["chaterbox", "chatterbox"],
  ["facefuson", "facefusion-pinokio"],
  ["livportrait", "liveportrait"],
  ["sillytaven", "sillytavern"],
  ["kokorro", "kokoro-tts-multilingual"],
  ["upscalling", "image-upscale"],
  ["hunyan", "hunyuan3d-2-lowvram"],
  ["invoce", "invoke"],
  // what it is for
  ["upscale", "image-upscale"],
  ["image upscaler", "image-upscale"],
  ["subtitles", "whisper-webui"],
  ["transcribe", "whisper-webui"],
  ["speech recognition", "whisper-webui"],
  ["voice cloning", "openvoice2"],
  ["clone my voice", "openvoice2"],
  ["voice changer", "rvc_pinokio"],
  ["face swap", "facefusion-pinokio"],
  ["deepfake", "facefusion-pinokio"],
  ["lip sync", "kd-talker"],
  ["talking head", "kd-talker"],
  ["make a song", "songgeneration"],
  ["remove vocals", "uvr5-ui-pinokio"],
  ["stem separation", "uvr5-ui-pinokio"],
  ["karaoke", "airaoke-pinokio"],
  ["text to video", "cogvideo"],
  ["train lora", "fluxtrainer"],
  ["flux lora training", "ai-toolkit"],
  ["virtual try on", "idm-vton"],
  ["clothes swap", "idm-vton"],
  ["remove watermark", "iopaint-pinokio"],
  ["object removal", "iopaint-pinokio"],
  ["image captioning", "florence2"],
  ["ocr", "florence2"],
  ["fine tune llm", "llamafactory"],
  ["ai agents", "flowise-pinokio"],
  ["workflow automation", "n8n-pinokio"],
  ["web app builder", "bolt_new"],
  ["audiobook", "storycraft"],
  ["podcast", "vibevoice-pinokio"],
  ["noise reduction", "clearervoice-studio"],
  ["restore old photos", "hypir-pinokio"],
  ["outpainting", "diffusers-image-outpainting"],
  ["relight photo", "ic-light-ultimate-studio"],
  ["comic", "storydiffusion-comics"],
  ["dance video", "magicanimate_pinokio"],
  ["beat saber", "infernosaber-app"],
  ["youtube without ads", "my-youtube-pinokio-edition"],
];

/** Many apps do these: whatever comes first must be one of them. [what is typed, tags of which each has one] */
const TASKS: readonly (readonly [string, readonly string[]])[] = [
  ["music generator", ["music-generation", "text-to-music"]],
  ["musik generation", ["music-generation", "text-to-music"]],
  ["text to music", ["music-generation", "text-to-music"]],
  ["remove background", ["background-removal", "video-matting"]],
  ["backgroud removal", ["background-removal", "video-matting"]],
  ["background remover", ["background-removal", "video-matting"]],
  ["sound effects", ["sound-effects"]],
  ["image to 3d", ["image-to-3d"]],
  ["3d model from photo", ["image-to-3d"]],
  ["image to video", ["image-to-video"]],
  ["img2vid", ["image-to-video"]],
  ["chat with local llm", ["chat", "local-llm"]],
  ["chatgpt alternative", ["chat", "chatbot", "local-llm"]],
  ["tts", ["text-to-speech"]],
  ["text to speech", ["text-to-speech"]],
  ["txt2img", ["text-to-image"]],
  ["image generator", ["text-to-image"]],
  ["generate images", ["text-to-image"]],
  ["video generator", ["text-to-video", "image-to-video", "video-generation"]],
  ["photo editor", ["image-editing"]],
  ["inpaint", ["inpainting", "video-inpainting"]],
];

let catalog: Catalog;

beforeAll(() => {
  catalog = createCatalog(catalogWorld("/nowhere").world);
});

afterAll(() => catalog.close());

const find = async (text: string, where = catalog) =>
  (await where.search({ text, filters: {}, sort: "best", most: 5, after: 0 })).packages;

const firstFive = async (text: string, where = catalog) => (await find(text, where)).map(({ id }) => id);

test.each([...EXPECTED])("%s: %s is among the first five", async (typed, meant) => {
  expect(await firstFive(typed)).toContain(meant);
});

test.each([...TASKS])("%s: each of the first five does that", async (typed, tags) => {
  const packages = await find(typed);
  expect(packages).toHaveLength(5);
  for (const one of packages) expect({ id: one.id, tags: one.tags }).toEqual({ id: one.id, tags: withOneOf(tags) });
});

const withOneOf = (tags: readonly string[]): unknown => ({
  asymmetricMatch: (own: readonly string[]) => own.some((tag) => tags.includes(tag)),
});

test.each(["comfyui", "ComfyUI", "fooocus", "open webui", "open-webui"])(
  "what is called %s comes first",
  async (typed) => {
    const spelt = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
    const [first] = await find(typed);
    expect(spelt(first!.name)).toBe(spelt(typed));
  },
);

test("without a graphics card, what runs without one comes first", async () => {
  const { world } = catalogWorld("/nowhere", { machine: () => Promise.resolve(WITHOUT_GPU) });
  const small = createCatalog(world);
  expect((await firstFive("tts", small)).slice(0, 3).sort()).toEqual([
    "kittentts-pinokio",
    "kokoro-tts",
    "kokoro-tts-multilingual",
  ]);
  small.close();
});
