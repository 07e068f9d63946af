import type { ConfigChoice } from "../../protocol/config.js";

export interface KnownFlag {
  label: string;
  help: string;
  /** `alone` for one without a value. */
  takes: "alone" | "text" | "number" | "port" | "choice" | "file" | "folder" | "secret";
  choices?: readonly ConfigChoice[];
  /** It takes several words. */
  many?: boolean;
}

const alone = (label: string, help: string): KnownFlag => ({ label, help, takes: "alone" });
const text = (label: string, help: string): KnownFlag => ({ label, help, takes: "text" });

/** Flags that many apps share, and what they mean there. */
export const KNOWN_FLAGS: Readonly<Record<string, KnownFlag>> = {
  "--port": { label: "Port", help: "The port its page is served on.", takes: "port" },
  "--server-port": { label: "Port", help: "The port its page is served on.", takes: "port" },
  "--server_port": { label: "Port", help: "The port its page is served on.", takes: "port" },
  "--listen-port": { label: "Port", help: "The port its page is served on.", takes: "port" },
  "--api-port": { label: "Port of its API", help: "", takes: "port" },
  "--host": text("Address it listens on", "127.0.0.1 for this machine only, 0.0.0.0 for all that can reach it."),
  "--server-name": text("Address it listens on", "127.0.0.1 for this machine only."),
  "--server_name": text("Address it listens on", "127.0.0.1 for this machine only."),
  "--listen": alone("Listen for others", "Lets other machines reach it, not only this one."),
  "--share": alone("Share by Gradio", "Opens a public address by way of Gradio's servers."),
  "--api": alone("Serve its API", ""),
  "--nowebui": alone("API only", "Without its page."),
  "--autolaunch": alone("Open a browser", "On this machine: of no use in a notebook."),
  "--inbrowser": alone("Open a browser", "On this machine: of no use in a notebook."),
  "--headless": alone("Without a window", ""),
  "--debug": alone("Tell more", "For whoever looks for a mistake."),
  "--verbose": alone("Tell more", ""),
  "--cpu": alone("Use the processor only", "Slow, and works without a graphics card."),
  "--use-cpu": text("Parts for the processor", "Such as all, or a model's part."),
  "--lowvram": alone("Little GPU memory", "Splits models so that they fit in about 4 GB; slower."),
  "--medvram": alone("Less GPU memory", "Keeps parts of the model in memory; a little slower."),
  "--highvram": alone("Keep models on the GPU", "Faster, and needs much GPU memory."),
  "--normalvram": alone("Usual GPU memory", "Where it would take little by itself."),
  "--novram": alone("Nearly no GPU memory", "When --lowvram is not enough."),
  "--gpu-only": alone("Everything on the GPU", ""),
  "--xformers": alone("Use xFormers", "Less GPU memory, where the package is installed."),
  "--opt-sdp-attention": alone("PyTorch's own attention", "Fast from PyTorch 2 on."),
  "--use-pytorch-cross-attention": alone("PyTorch's own attention", "Fast from PyTorch 2 on."),
  "--no-half": alone("No half precision", "For cards that give black pictures; needs more memory."),
  "--no-half-vae": alone("VAE in full precision", "Against black pictures."),
  "--precision": {
    label: "Precision",
    help: "",
    takes: "choice",
    choices: ["full", "half", "autocast"].map((value) => ({ value, label: value })),
  },
  "--fp16": alone("Half precision", "Half the memory."),
  "--bf16": alone("Half precision (bfloat16)", "Half the memory, from RTX 30 on."),
  "--fp32": alone("Full precision", ""),
  "--force-fp16": alone("Half precision", ""),
  "--force-fp32": alone("Full precision", ""),
  "--load-in-8bit": alone("Load in 8 bit", "A quarter of the memory of full precision."),
  "--load-in-4bit": alone("Load in 4 bit", "An eighth of the memory of full precision."),
  "--preview-method": {
    label: "Previews",
    help: "",
    takes: "choice",
    choices: ["none", "auto", "latent2rgb", "taesd"].map((value) => ({ value, label: value })),
  },
  "--device": text("Device", "Such as cuda:0 or cpu."),
  "--gpu": text("Graphics card", "By its number."),
  "--model": text("Model", "Its name or file."),
  "--ckpt": { label: "Model", help: "", takes: "file" },
  "--config": { label: "File of settings", help: "", takes: "file" },
  "--output-dir": { label: "Folder for what it makes", help: "", takes: "folder" },
  "--output-directory": { label: "Folder for what it makes", help: "", takes: "folder" },
  "--theme": text("Theme", ""),
  "--workers": { label: "Processes that serve", help: "", takes: "number" },
  "--threads": { label: "Threads", help: "", takes: "number" },
  "--batch-size": { label: "At a time", help: "More is faster and takes more memory.", takes: "number" },
  "--skip-torch-cuda-test": alone("Start without a graphics card", ""),
  "--trust-remote-code": alone("Run code that comes with models", "Only for models you trust."),
  "--reload": alone("Start anew when its code changes", ""),
};
