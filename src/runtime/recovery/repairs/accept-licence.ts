import { plainPreview, refusal, type Repairer } from "./repair.js";

export const acceptLicence: Repairer<"accept-licence"> = {
  kind: "accept-licence",
  preview: ({ page }) =>
    Promise.resolve(
      plainPreview(
        `Opens ${page}, where only you can agree`,
        page.startsWith("https://huggingface.co/") ? null : `${page} is no page of Hugging Face`,
      ),
    ),
  run: async (params, world) => {
    const refused = refusal(await acceptLicence.preview(params, world));
    if (refused !== null) return refused;
    await world.openPage(params.page);
    return { done: true, said: `${params.page} was opened` };
  },
};
