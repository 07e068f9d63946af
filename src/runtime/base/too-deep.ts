import { Buffer } from "node:buffer";

/** Of what the system can be told, with room for where it may be moved to. */
const LONGEST_PATH = process.platform === "darwin" ? 700 : 3_600;

/** Whether what lies below a folder may have no path that the system can be told: then the folder is told as one. */
export const isTooDeep = (folder: string): boolean => Buffer.byteLength(folder) > LONGEST_PATH;
