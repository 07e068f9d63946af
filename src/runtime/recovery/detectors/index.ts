import type { Detector } from "../detector.js";
import { crashes } from "./crashes.js";
import { disk } from "./disk.js";
import { downloads } from "./downloads.js";
import { files } from "./files.js";
import { git } from "./git.js";
import { gpu } from "./gpu.js";
import { memory } from "./memory.js";
import { network } from "./network.js";
import { node } from "./node.js";
import { permissions } from "./permissions.js";
import { ports } from "./ports.js";
import { pythonBuilds } from "./python-builds.js";
import { pythonModules } from "./python-modules.js";
import { pythonPackages } from "./python-packages.js";
import { systemPackages } from "./system-packages.js";
import { tokens } from "./tokens.js";

/** Every failure that is recognised. Their order says nothing: which explains the others is told by their layers. */
export const detectors: readonly Detector[] = [
  ...disk,
  ...memory,
  ...gpu,
  ...tokens,
  ...network,
  ...downloads,
  ...git,
  ...systemPackages,
  ...permissions,
  ...pythonBuilds,
  ...pythonPackages,
  ...pythonModules,
  ...node,
  ...files,
  ...ports,
  ...crashes,
];
