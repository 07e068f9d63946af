import { Option } from "commander";
import { FAMILY_LABELS, type Model, MODEL_FAMILIES, type ModelFamily, type ModelList } from "../../protocol/models.js";
import { sizeText } from "../../protocol/sizes.js";
import { exitCodeOfJob, followChange } from "../change-job.js";
import { EXIT } from "../exit-codes.js";
import { onOneLine, table } from "../words.js";
import type { AddCommand } from "./command.js";

interface ModelsOptions {
  family?: ModelFamily;
  copies?: boolean;
  compare?: boolean;
}

export const addModels: AddCommand = (program, inSession) => {
  program
    .command("models")
    .description("the models of this home by what they are for: size, which apps use them, and which are there twice")
    .addOption(new Option("--family <name>", "only these").choices(MODEL_FAMILIES))
    .option("--copies", "only what is there more than once, with the places")
    .option("--compare", "read all of what seems to be the same first, to be certain")
    .action(({ family, copies = false, compare = false }: ModelsOptions) =>
      inSession(async (session) => {
        const client = await session.client();
        if (compare) {
          const job = await followChange(session, client, (await client.request("models.compare", {})).job);
          if (job.state !== "done") return exitCodeOfJob(session, job);
        }
        const list = await client.request("models.list", {});
        const models = list.models.filter((model) => family === undefined || model.family === family);
        if (session.json) session.print(JSON.stringify({ ...list, models }));
        else session.print(copies ? copiesText(list) : listText(list, models));
        return EXIT.done;
      }),
    );
};

function listText({ families, duplicates, isCut }: ModelList, models: readonly Model[]): string {
  if (models.length === 0) return "No models here yet: apps fetch them when they are installed or first used";
  const parts = families.flatMap(({ family, bytes }) => {
    const own = models.filter((model) => model.family === family);
    if (own.length === 0) return [];
    const rows = own.map((model) => [`  ${model.name}`, sizeText(model.bytes), usedText(model), model.id]);
    return [`${FAMILY_LABELS[family]}: ${sizeText(bytes)}`, table(rows)];
  });
  const extra = duplicates.reduce((sum, set) => sum + set.extraBytes, 0);
  const notes = [
    ...(isCut ? ["There are more; only the largest are shown"] : []),
    ...(extra === 0 ? [] : [`Copies take ${sizeText(extra)} more than they have to: pinokiocloud free duplicates`]),
  ];
  return [...parts, ...notes].join("\n");
}

const usedText = ({ users, isShared }: Model): string =>
  users.length > 0 ? users.join(" ") : isShared ? "in a cache" : "no app";

function copiesText({ duplicates }: ModelList): string {
  if (duplicates.length === 0) return "No model is here more than once";
  return duplicates
    .map(({ copies, bytes, extraBytes, isCompared }) => {
      const sure = isCompared ? "the same" : "the same by size and samples";
      const paths = copies.map(({ path }) => `  ${onOneLine(path)}`);
      const head = `${copies.length} copies of ${sizeText(bytes)}, ${sure}; ${sizeText(extraBytes)} could be free`;
      return [head, ...paths].join("\n");
    })
    .join("\n");
}
