import { group, type Detector, type Seen } from "../detector.js";
import { offer } from "../offers.js";
import { short } from "../words.js";
import { sizeText } from "../../protocol/sizes.js";

const card = ({ facts }: Seen): string => facts.gpuName ?? "this machine's GPU";

const LESS_MEMORY = offer.lowerMemory(
  { PYTORCH_CUDA_ALLOC_CONF: "expandable_segments:True" },
  "--lowvram",
  "--medvram",
);

/** How much a program wanted, as each says it: with its unit, or in bytes. */
const WANTED = [
  /Tried to allocate ([\d.]{1,12}) ([KMGT]iB)/,
  /Failed to allocate request for ([\d.]{1,12}) ?([KMGT]iB)/,
  /allocating ([\d.]{1,12}) ([KMGT]iB) on device/,
  /trying to allocate (\d{1,15}) bytes/,
  /Out of memory allocating ([\d,]{1,20}) bytes/,
  /requested buffer of size (\d{1,15})(?!\d)/,
];

function wantedIn(text: string): string | undefined {
  for (const pattern of WANTED) {
    const [, amount, unit] = pattern.exec(text) ?? [];
    if (amount !== undefined)
      return unit === undefined ? sizeText(Number(amount.replaceAll(",", ""))) : `${amount} ${unit}`;
  }
  return undefined;
}

/** ONNX Runtime says the same of both memories. */
const EITHER_MEMORY = /bfc_arena\.cc:\d{1,5} .{0,200}Failed to allocate memory for requested buffer/;

function gpuSentence(seen: Seen): string {
  const { text, facts } = seen;
  const below = (name: string) => seen.after(new RegExp(`^${name} {1,16}: ([\\d.]{1,12} [KMGT]iB)`), 4)?.[1];
  const wanted = wantedIn(text) ?? below("Requested");
  const total =
    /total capac(?:i)?ty of ([\d.]{1,12} [KMGT]iB)/.exec(text)?.[1] ??
    /; ([\d.]{1,12} [KMGT]iB) total capacity/.exec(text)?.[1] ??
    below("Device limit") ??
    (facts.gpuMemoryBytes === null ? undefined : sizeText(facts.gpuMemoryBytes));
  const free =
    /of which ([\d.]{1,12} (?:bytes|[KMGT]iB)) is free/.exec(text)?.[1] ??
    /; ([\d.]{1,12} [KMGT]iB) free;/.exec(text)?.[1];
  return [
    "The GPU's memory is full",
    wanted === undefined ? "" : `: ${wanted} more were wanted`,
    total === undefined ? "" : `, the GPU has ${total}`,
    free === undefined ? "" : ` of which ${free} were free`,
  ].join("");
}

/** PyTorch warns at its start of what ends it later. */
const UNSUPPORTED = / with CUDA capability (sm_\d{2,3}) is not compatible with the current PyTorch installation/;

export const gpu: readonly Detector[] = [
  {
    code: "gpu-memory-full",
    layer: "machine",
    happened: "The GPU's memory is full",
    advice: "Stop other apps that use the GPU, make pictures or batches smaller, or choose a smaller model",
    patterns: [
      /CUDA out of memory/i,
      /CUDA error: out of memory/,
      /HIP out of memory/,
      /CUDNN_STATUS_ALLOC_FAILED|CUBLAS_STATUS_ALLOC_FAILED/,
      /cudaMalloc failed: out of memory/,
      /CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation/,
      /CUDA (?:driver error|failure 2): out of memory/,
      /OutOfMemoryError: Allocation on device/,
      /RESOURCE_EXHAUSTED: (?:Out of memory while trying to allocate|Failed to allocate request for)/,
      /OOM when allocating tensor .{1,300} by allocator GPU_\d/,
      /cupy\.cuda\.memory\.OutOfMemoryError/,
      /Free memory on device .{1,80} is less than desired GPU memory utilization/,
      EITHER_MEMORY,
    ],
    confirm: ({ text, facts }) => !EITHER_MEMORY.test(text) || facts.gpuName !== null,
    say: (seen) => ({ sentence: gpuSentence(seen), repairs: [LESS_MEMORY, offer.retry()] }),
  },
  {
    code: "gpu-too-new-or-old",
    layer: "tool",
    happened: "The installed PyTorch has no code for this GPU",
    advice: "Install a PyTorch that is built for this GPU: newer GPUs need a newer build, older GPUs an older one",
    patterns: [/no kernel image is available for execution on the device/],
    say: (seen) => {
      const found = seen.before(UNSUPPORTED, 400);
      const named = found === null ? card(seen) : `${found.input.slice(0, found.index).trim()} (${found[1] ?? ""})`;
      return {
        sentence: `The installed PyTorch has no code for ${named}`,
        repairs: [offer.recreateVenv(), offer.updateApp()],
      };
    },
  },
  {
    code: "gpu-driver-too-old",
    layer: "tool",
    happened: "The NVIDIA driver is older than the installed PyTorch needs",
    advice: "Update the driver, or install a PyTorch that is built for an older CUDA",
    patterns: [
      /The NVIDIA driver on your system is too old(?: \(found version (\d{4,6})\))?/,
      /CUDA driver version is insufficient for CUDA runtime version/,
    ],
    say: (seen) => {
      const number = Number(group(seen));
      const cuda = number > 0 ? `: it knows CUDA ${Math.floor(number / 1000)}.${Math.floor((number % 1000) / 10)}` : "";
      return { sentence: `The NVIDIA driver is too old for the installed program${cuda}` };
    },
  },
  {
    code: "gpu-missing",
    layer: "tool",
    happened: "A program wants an NVIDIA GPU and there is none, or its driver is not there",
    advice: "Choose a machine or runtime with a GPU, or start the app in its CPU mode",
    patterns: [
      /Found no NVIDIA driver on your system/,
      /No CUDA GPUs are available/,
      /no CUDA-capable device is detected/,
      /Attempting to deserialize object on a CUDA device but torch\.cuda\.is_available\(\) is False/,
      /^RuntimeError: No GPU(?: device)? found/i,
    ],
    say: ({ facts, text }) => ({
      sentence:
        facts.gpuName === null
          ? "The program wants an NVIDIA GPU and this machine has none"
          : `The program does not see ${facts.gpuName}: ${short(text, 100)}`,
    }),
  },
  {
    code: "torch-without-gpu",
    layer: "tool",
    happened: "The installed PyTorch is built without CUDA",
    advice: "Make the environment again, so that PyTorch for this GPU is installed",
    patterns: [/Torch not compiled with CUDA enabled/],
    say: ({ facts }) =>
      facts.gpuName === null
        ? {
            sentence: "The program wants a GPU; this machine has none and its PyTorch is built without CUDA",
            hint: "Choose a machine or runtime with a GPU, or start the app in its CPU mode",
          }
        : {
            sentence: `The installed PyTorch is built without CUDA, so it cannot use ${facts.gpuName}`,
            repairs: [offer.recreateVenv(), offer.updateApp()],
          },
  },
  {
    code: "cudnn-mismatch",
    layer: "tool",
    happened: "The cuDNN that is found is not the one PyTorch was built with",
    advice: "Remove other cuDNN folders from LD_LIBRARY_PATH, or make the environment again",
    patterns: [
      /cuDNN version incompatibility: PyTorch was compiled {1,4}against (\([\d, ]{3,20}\)) but (?:found runtime version|linked against) (\([\d, ]{3,20}\))/,
      /Could not load library (libcudnn\S{1,60})\. Error/,
      /Unable to load any of \{?(libcudnn[^},]{1,60})/,
    ],
    say: (seen) => ({
      sentence:
        group(seen, 2) === ""
          ? `${group(seen)} of cuDNN could not be loaded`
          : `PyTorch was built with cuDNN ${dotted(group(seen))} and found ${dotted(group(seen, 2))}`,
      repairs: [offer.recreateVenv()],
    }),
  },
];

const dotted = (tuple: string): string => tuple.replace(/[() ]/g, "").replaceAll(",", ".");
