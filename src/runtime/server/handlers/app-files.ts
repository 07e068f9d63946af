import type { AppFiles } from "../../library/files/app-files.js";
import type { APP_FILE_REQUESTS } from "../../protocol/app-file-requests.js";
import type { Handlers } from "./handler.js";

export interface AppFileParts {
  files: AppFiles;
}

export const appFileHandlers = ({ files }: AppFileParts): Handlers<keyof typeof APP_FILE_REQUESTS> => ({
  "apps.files": ({ app, folder, most }) => files.list(app, { folder, most }),
  "apps.readFile": ({ app, ...which }) => files.read(app, which),
  "apps.trashFiles": ({ app, paths }) => files.toTrash(app, paths),
});
