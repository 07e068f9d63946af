import {
  type Fit,
  FIT_VERDICTS,
  type FitHistory,
  type FitMachine,
  type FitVerdict,
  type Package,
} from "../../protocol/packages.js";

type Reason = Fit["reasons"][number];

const GB = 1024 ** 3;
/** With less than this share of the memory it needs it does not run; up to the other one it is tight. */
const ENOUGH = 0.9;
const AMPLE = 1.15;

/** Whether a package suits a machine, and why: a sentence for each thing that is known, the gravest first. */
export function fitOf(wanted: Package, machine: FitMachine, history: FitHistory = {}): Fit {
  const isProven = wasProven(history);
  const reasons = [
    ...platformReasons(wanted, machine),
    ...graphicsReasons(wanted, machine),
    ...diskReasons(wanted, machine),
    ...outsideReasons(wanted, machine),
    ...historyReasons(history),
  ].map((reason) => (isProven && reason.verdict === "unknown" ? { ...reason, verdict: null } : reason));
  if (reasons.every(({ verdict }) => verdict === null)) {
    reasons.push({ text: "what it needs is not known", verdict: "unknown" });
  }
  reasons.sort((one, other) => gravity(other) - gravity(one));
  return { verdict: reasons[0]?.verdict ?? "unknown", reasons };
}

const gravity = ({ verdict }: Reason): number => (verdict === null ? -1 : FIT_VERDICTS.indexOf(verdict));

/** What went well here, or was looked through, outweighs what a source did not know. */
const wasProven = ({ check, past }: FitHistory): boolean =>
  check?.verdict === "works" || (past !== undefined && past.installs > past.failures && past.lastFailure === null);

const NAMES: Readonly<Record<string, string>> = { linux: "Linux", win32: "Windows", darwin: "macOS" };

function platformReasons({ requires, linux, available }: Package, { platform }: FitMachine): Reason[] {
  const { platforms } = requires;
  if (!available) return [says("unknown", "its repository could not be fetched when the catalog was made")];
  if (platforms.length > 0 && !platforms.some((name) => name === platform)) {
    return [says("no", `${listed(platforms.map((name) => NAMES[name] ?? name))} only`)];
  }
  if (platform !== "linux") return [];
  if (linux === "no") return [says("no", "its scripts do not come through on Linux")];
  if (linux !== "unknown") return [];
  const isBare = platforms.length === 0 && requires.gpu === null;
  return [
    says("unknown", isBare ? "what it needs is known once it is here" : "whether it works on Linux is not known"),
  ];
}

function graphicsReasons({ requires, cpu }: Package, { gpu }: FitMachine): Reason[] {
  const { gpu: wanted, vramGB } = requires;
  if (wanted === "none") return [says("fits", "needs no graphics card")];
  if (wanted === null && vramGB === null) return [];
  const isNvidiaOnly = wanted === "nvidia";
  if (gpu !== null && (!isNvidiaOnly || gpu.maker === "nvidia")) {
    if (vramGB !== null) return [memoryReason(vramGB, gpu, cpu)];
    return [
      says("fits", `runs on this machine's ${gpu.name}`),
      says(null, "how much GPU memory it needs is not stated"),
    ];
  }
  const here = gpu === null ? "this machine has none" : `this machine has ${gpu.name}`;
  const card = isNvidiaOnly ? "an NVIDIA graphics card" : "a graphics card";
  if (cpu === "yes") return [says("fits", "runs well without a graphics card")];
  if (cpu === "slow") return [says("slow", `runs on the processor only: it wants ${card}, ${here}`)];
  if (isNvidiaOnly || cpu === "no") return [says("no", `needs ${card}, ${here}`)];
  return [says("unknown", `wants ${card}, ${here}; whether it runs without one is not known`)];
}

function memoryReason(
  needed: number,
  { name, memoryBytes }: NonNullable<FitMachine["gpu"]>,
  cpu: Package["cpu"],
): Reason {
  const needs = `needs about ${needed} GB of GPU memory`;
  if (memoryBytes === null) return says("unknown", `${needs}; how much ${name} has is not known`);
  const share = memoryBytes / GB / needed;
  const text = `${needs}, this machine has ${(memoryBytes / GB).toFixed(1)}`;
  if (share >= AMPLE) return says("fits", text);
  if (share >= ENOUGH) return says("tight", text);
  return cpu === "yes" || cpu === "slow" ? says("slow", `${text}; it can run on the processor`) : says("no", text);
}

function diskReasons({ requires: { diskGB } }: Package, { diskFreeBytes }: FitMachine): Reason[] {
  if (diskGB === null) return [];
  const text = `needs about ${diskGB} GB of disk, ${(diskFreeBytes / GB).toFixed(1)} are free here`;
  const share = diskFreeBytes / GB / diskGB;
  return [says(share >= AMPLE ? "fits" : share >= 1 ? "tight" : "no", text)];
}

const OUTSIDE: Readonly<Record<string, string>> = {
  ollama: "Ollama",
  docker: "Docker",
  lmstudio: "LM Studio",
  "espeak-ng": "espeak-ng",
  "dotnet-8-sdk": "the .NET 8 SDK",
  comfyui: "a ComfyUI that runs",
  "comfyui-launcher": "a ComfyUI that is installed",
  "automatic1111-launcher": "an AUTOMATIC1111 that is installed",
  "llamacpp-launcher": "a llama.cpp that is installed",
};

function outsideReasons({ requires, linux }: Package, { programs }: FitMachine): Reason[] {
  const { external, conda, sudo, credentials } = requires;
  const missing = external.filter((name) => !programs.includes(name));
  const verdict = linux === "partial" ? "unknown" : null;
  const reasons = missing.map((name) =>
    says(
      verdict,
      name === "display"
        ? "opens a window on a desktop, which is not here"
        : `needs ${OUTSIDE[name] ?? name.replace(/-/g, " ")} besides`,
    ),
  );
  if (linux === "partial" && external.length === 0) {
    reasons.push(says("unknown", "works on Linux in part: something is left to do by hand"));
  }
  if (credentials.length > 0) reasons.push(says(null, `asks for ${listed(credentials)}`));
  if (conda === true) reasons.push(says(null, "brings conda"));
  if (sudo === true) reasons.push(says(null, "asks for the rights of an administrator"));
  return reasons;
}

function historyReasons({ check, past }: FitHistory): Reason[] {
  const reasons: Reason[] = [];
  if (check?.verdict === "cannot") {
    reasons.push(says("no", check.why ?? "its scripts cannot work on this machine, says a check of them"));
  } else if (check?.verdict === "works") reasons.push(says("fits", "a check of its scripts found nothing against it"));
  else if (check !== undefined) reasons.push(says(null, check.why ?? "a check of its scripts has warnings"));
  if (past === undefined) return reasons;
  if (past.lastFailure !== null) {
    reasons.push(says("unknown", `its last installation here failed: ${past.lastFailure}`));
  } else if (past.installs > past.failures) reasons.push(says("fits", "was installed here before"));
  return reasons;
}

const says = (verdict: FitVerdict | null, text: string): Reason => ({ text, verdict });

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
