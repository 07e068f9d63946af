import { PinokioError } from "../protocol/errors.js";

/** The system's short name of a failure, such as `ENOENT`, or undefined. */
export const errnoOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

/** Whether the disk, or what may be used of it, was full; also once that is in words. */
export const isOutOfSpace = (error: unknown): boolean =>
  ["ENOSPC", "EDQUOT", "out-of-space"].includes(errnoOf(error) ?? "");

/** Turns a failed file operation into words; other errors come back as they are. */
export function explainFileError(error: unknown, path: string): unknown {
  switch (errnoOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return new PinokioError("out-of-space", `There is no space left to write ${path}`, {
        hint: "Free some space on that disk, then try again: uninstall an app, or empty the trash. What was there before is unchanged",
        cause: error,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST": // a file is where a folder should be
      return new PinokioError("home-not-writable", `${path} cannot be written`, {
        hint: "Choose another home with --home or PINOKIOCLOUD_HOME, or change the folder's permissions",
        cause: error,
      });
    default:
      return error;
  }
}
