import { NearWords } from "./near-words.js";
import { stemOf } from "./stem.js";

/**
 * What people call tasks, and the tags of them, written as one word. A line is one thing: whoever types a word of its
 * left side means what stands on the right; words with a plus between them are meant together.
 */
const LINES: readonly (readonly [string, string])[] = [
  ["tts speak speaking speech narrate narrator narration read+aloud voice+over voiceover", "texttospeech"],
  ["stt asr transcribe transcript transcriber dictation dictate speech+recognition", "transcription speechtotext"],
  ["subtitle subtitles srt captions", "subtitles transcription"],
  ["t2i txt2img text2img text2image image+generator generate+image draw paint", "texttoimage"],
  ["i2i img2img image2image", "imagetoimage"],
  ["t2v txt2vid text2video txt2video video+generator generate+video", "texttovideo videogeneration"],
  ["i2v img2vid img2video image2video", "imagetovideo"],
  ["v2v vid2vid video2video", "videotovideo"],
  ["animate animated animation", "imagetovideo animation characteranimation portraitanimation"],
  ["txt2audio text2audio text2music", "texttoaudio texttomusic"],
  ["img23d image23d 3dmodel 3d+model mesh meshes sculpt", "imageto3d 3dgeneration mesh"],
  ["photogrammetry", "3dreconstruction"],
  ["deepfake deepfakes faceswapper", "faceswap"],
  ["rembg rmbg cutout greenscreen green+screen", "backgroundremoval videomatting"],
  ["bg backdrop", "background"],
  ["photo photos photograph picture pictures img pic", "image"],
  ["movie movies clip clips footage film", "video"],
  ["enlarge upres upsample sharpen superres", "upscaling superresolution"],
  ["restore repair fix unblur deblur denoise", "imagerestoration deblurring denoising"],
  ["erase eraser", "objectremoval inpainting"],
  ["uncrop expand extend", "outpainting"],
  ["photoshop retouch photo+editor edit+photo edit+picture", "imageediting"],
  ["clone cloning copy+voice", "voicecloning"],
  ["singing voicechanger voice+changer change+voice", "voiceconversion"],
  ["dub dubbing lips mouth", "lipsync"],
  ["song songs music musicgen beat beats composer compose melody", "musicgeneration texttomusic"],
  ["sfx foley noises", "soundeffects videotoaudio"],
  ["stems splitter acapella vocals vocal instrumental remove+vocals", "stemseparation vocalremoval"],
  ["denoiser noise remove+noise", "noisereduction speechenhancement"],
  ["ebook ebooks", "audiobook"],
  ["chatgpt gpt assistant", "chat localllm chatbot"],
  ["language+model", "llm localllm"],
  ["text+recognition read+text", "ocr"],
  ["autonomous", "agents"],
  ["programming programmer code coder developer", "coding"],
  [
    "outfit clothes clothing garment dress fashion tryon swap+clothes swap+outfit change+clothes change+outfit",
    "virtualtryon",
  ],
  ["avatar avatars puppet talking+photo", "talkinghead portraitanimation avatar"],
  ["headshot headshots selfie", "faceconsistency"],
  ["vlm vqa describe caption captions captioner", "imagecaptioning visionlanguage imageunderstanding"],
  ["mask masks cut", "segmentation"],
  ["detect detection detector", "objectdetection"],
  ["pose skeleton", "poseestimation openpose"],
  ["finetune finetuning train trainer training", "finetuning modeltraining loratraining"],
  ["automate automation nocode zapier", "workflowautomation lowcode"],
  ["scrape browse crawler", "browserautomation"],
  ["logo icon vector", "svg vectorgraphics"],
  ["comic manga", "comics"],
  ["slides powerpoint pptx", "presentation"],
  ["splat splatting splats gaussian", "gaussiansplatting"],
];

const MEANINGS = new Map<string, string[]>();
for (const [said, meant] of LINES) {
  for (const word of said.split(" ")) {
    const [one = "", other] = word.split("+");
    const key = other === undefined ? one : pairKey(one, other);
    MEANINGS.set(key, [...(MEANINGS.get(key) ?? []), ...meant.split(" ")]);
  }
}

/** However they are bent: image generator, generating images. */
function pairKey(one: string, other: string): string {
  return [stemOf(one), stemOf(other)].sort().join(" ");
}

/** Tags, written as one word, that somebody may mean who types this. */
export const meaningsOf = (word: string): readonly string[] => MEANINGS.get(word) ?? [];

/** The same of two words that are meant together. */
export const meaningsOfPair = (one: string, other: string): readonly string[] =>
  MEANINGS.get(pairKey(one, other)) ?? [];

const SAID = [...MEANINGS.keys()].filter((said) => !said.includes(" ")).sort();
const NEAR = new NearWords(SAID);

/** As `meaningsOf`, for who mistyped it. */
export function nearMeaningsOf(word: string, most: number): string[] {
  const meant = new Set<string>();
  NEAR.visit(word, most, (at) => {
    const said = SAID[at] ?? "";
    if (Math.abs(said.length - word.length) <= most) for (const tag of meaningsOf(said)) meant.add(tag);
  });
  return [...meant];
}
