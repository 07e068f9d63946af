const KEPT = new Set(
  "ai api aws clip cpu cuda cors css db dns flac gguf gpu gui hf hip html http https id ip ipv4 ipv6 json lfs llm lora mp3 mp4 ocr oom os pdf png ram rgb sdk sd ssl svg tls toml tts ui uri url usb utf8 uuid vae vram wav xml yaml".split(
    " ",
  ),
);

/** Names that say nothing without what they belong to. */
const GENERAL =
  /^(?:enabled?|active|on|url|path|name|type|mode|port|host|value|id|key|version|file|dir|level|size|format)$/i;

/** For a setting with a path: `ssl.enabled` as "SSL: enabled". */
export function labelOfPath(path: readonly string[]): string {
  const name = path.at(-1) ?? "";
  const above = path.at(-2);
  if (above === undefined || !GENERAL.test(name)) return labelOf(name);
  const label = labelOf(name);
  return `${labelOf(above)}: ${KEPT.has(label.toLowerCase()) ? label : label.toLowerCase()}`;
}

/** What a person reads in place of a name: `server_port` as "Server port". */
export function labelOf(name: string): string {
  const words = name
    .replace(/^-+/, "")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[\s_.-]+/)
    .filter((word) => word !== "")
    .map((word) => (KEPT.has(word.toLowerCase()) ? word.toUpperCase() : word.toLowerCase()));
  const [first = name, ...rest] = words;
  return [first.slice(0, 1).toUpperCase() + first.slice(1), ...rest].join(" ");
}
