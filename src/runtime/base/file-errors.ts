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
    case "EBUSY":
      return new PinokioError(
        "step-failed",
        `${path} cannot be moved: a disk is mounted in it, or a program holds it`,
        {
          hint: "Unmount the disk or end the program, then try again",
          cause: error,
        },
      );
    case "ENAMETOOLONG":
      return new PinokioError("step-failed", `There are folders in ${path} that lie deeper than a path can tell`, {
        hint: "On its own disk a folder moves with all it holds; to another disk it has to be copied, and that cannot be",
        cause: error,
      });
    default:
      return error;
  }
}
