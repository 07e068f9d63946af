import { plainPreview, refusal, type Repairer } from "./repair.js";

/** Names as Debian writes them: nothing that a shell or a package manager would take for something else. */
const PACKAGE = /^[a-z0-9][a-z0-9.+-]{1,80}$/;

export const installSystemPackage: Repairer<"install-system-package"> = {
  kind: "install-system-package",
  preview: ({ packages }) => {
    const wrong = packages.find((name) => !PACKAGE.test(name));
    return Promise.resolve(
      plainPreview(
        `Installs ${packages.join(", ")} with the system's packages and starts it again`,
        wrong === undefined ? null : `${JSON.stringify(wrong)} is no name of a package`,
      ),
    );
  },
  run: async (params, world) => {
    const refused = refusal(await installSystemPackage.preview(params, world));
    if (refused !== null) return refused;
    const doing = `Installing ${params.packages.join(", ")}`;
    world.doing(doing);
    await world.installSystemPackages(params.packages, (line) => world.doing(`${doing}: ${line}`));
    world.doing("Starting it again");
    await world.startScript("same");
    return { done: true, said: `${params.packages.join(", ")} was installed and it was started again` };
  },
};
