import { hashOfFile } from "../base/file-hash.js";
import { PinokioError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import type { Resume, ResumePoint } from "../protocol/resume.js";
import type { Run } from "../protocol/runs.js";

const FROM_BEGINNING = "Start it again from its beginning";

/**
 * Where a run is taken up again, and where the script that it had started is. Refused where nothing was kept, and where
 * a script is not the same any more: what its earlier steps have done may not be what its later ones need.
 */
export function resumeAt({ id, script }: Run, pointOf: (id: RunId) => ResumePoint | null): Resume {
  const point = pointOf(id);
  if (point === null) {
    throw new PinokioError("request-invalid", `Where ${script} failed was not kept`, { hint: FROM_BEGINNING });
  }
  return unchanged(point, pointOf);
}

function unchanged({ child, ...point }: ResumePoint, pointOf: (id: RunId) => ResumePoint | null): Resume {
  const { file } = point;
  if (hashOfFile(file) !== point.hash) {
    throw new PinokioError("request-invalid", `${file} has changed since it failed`, {
      hint: FROM_BEGINNING,
      context: { file },
    });
  }
  // One that was killed, or failed in its first step, begins anew.
  const below = child === null ? null : pointOf(child);
  return { ...point, child: below === null ? null : unchanged(below, pointOf) };
}
