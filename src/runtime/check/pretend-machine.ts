import { createRequire, syncBuiltinESMExports } from "node:module";

/** Lets code that is loaded from here on see another platform. Only for a process that does nothing else. */
export function pretendMachine({ platform, arch }: { platform: string; arch: string }): void {
  if (platform === process.platform && arch === process.arch) return;
  for (const [name, value] of Object.entries({ platform, arch })) {
    Object.defineProperty(process, name, { value, enumerable: true, configurable: true });
  }
  const os = createRequire(import.meta.url)("node:os") as Record<string, unknown>;
  os["platform"] = () => platform;
  os["arch"] = () => arch;
  os["type"] = () => ({ linux: "Linux", darwin: "Darwin", win32: "Windows_NT" })[platform] ?? platform;
  syncBuiltinESMExports();
}
