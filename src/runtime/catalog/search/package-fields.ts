import type { Category, Package } from "../../protocol/packages.js";
import type { SearchField } from "./index-builder.js";

/** What people call a category. */
const CATEGORY_WORDS: Readonly<Record<Category, string>> = {
  image: "image picture photo",
  video: "video movie",
  audio: "audio sound",
  llm: "llm language model",
  "3d": "3d object",
  utility: "utility",
};

/** The texts that a package is found by. */
export function fieldsOf({
  id,
  name,
  tags,
  category,
  type,
  summary,
  models,
  repository,
  upstream,
}: Package): SearchField[] {
  return [
    { text: name, weight: 10, kind: "name" },
    { text: id.slice(id.indexOf("/") + 1).replace(/[_-]?pinokio\b/i, ""), weight: 7 },
    ...tags.map((tag): SearchField => ({ text: tag, weight: 5, kind: "tag" })),
    { text: CATEGORY_WORDS[category], weight: 3 },
    ...(type === "app" ? [] : [{ text: type, weight: 3 }]),
    { text: models.join(" "), weight: 2 },
    { text: summary, weight: 2.5 },
    { text: pathOf(repository), weight: 2 },
    { text: pathOf(upstream), weight: 2 },
  ];
}

/** `owner/name`: a host is no word to look for. */
const pathOf = (address: string | null): string => address?.replace(/^[a-z+]+:\/\/[^/]+\//i, "") ?? "";
