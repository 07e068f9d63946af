import { join } from "node:path";
import type { Lacks } from "../protocol/sidecar.js";

/** Variables that let package managers do without what is missing. */
export function lackingVariables({ links, space }: Lacks, localFolder: string): Record<string, string> {
  return {
    // uv's cache consists of links, so it lies on the machine's own disk.
    ...(links
      ? { UV_CACHE_DIR: join(localFolder, "uv-cache"), UV_LINK_MODE: "copy", npm_config_bin_links: "false" }
      : {}),
    ...(space ? { PIP_NO_CACHE_DIR: "1", UV_NO_CACHE: "1" } : {}),
  };
}
