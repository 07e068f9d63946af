import { dirname } from "node:path";
import { isFenced, refuseExit, refuseExitInMenus } from "./base/fence.js";
import { serveLaunchers } from "./base/serve-launchers.js";
import type { CheckPlace } from "./protocol/check.js";
import { PinokioError } from "./protocol/errors.js";
import { cutDescription, cutTexts, type LauncherFacts } from "./protocol/launcher.js";
import { DESCRIPTION } from "./protocol/limits.js";
import { describeApp } from "./script/describe.js";
import { evaluateLauncher, kernelFacts } from "./script/launcher.js";
import { forgetModulesBelow } from "./script/load.js";
import { settingsOfApp } from "./script/settings.js";

serveLaunchers(async (request, reply) => {
  const { id, kind, appDir } = request;
  switch (kind) {
    case "menu": {
      refuseExitInMenus();
      const at = (place: CheckPlace): void => reply({ id, kind: "at", place });
      const value = await evaluateLauncher(appDir, request.facts, { mayListen: !isFenced(), at });
      return { id, kind, value: cutTexts(value) };
    }
    case "describe": {
      if (isFenced() && request.codeProblem === undefined) refuseExit();
      forgetModulesBelow(appDir); // its menu may have been asked for before
      const facts = kernelFacts(factsAboutNothing(appDir), appDir, { mayListen: false });
      return { id, kind, value: cutDescription(await describeApp(appDir, facts, request), DESCRIPTION.roomBytes) };
    }
    case "settings": {
      if (isFenced()) refuseExit();
      const facts = kernelFacts(factsAboutNothing(appDir), appDir, { mayListen: false });
      return { id, kind, value: await settingsOfApp(appDir, facts) };
    }
    case "check":
      throw new PinokioError("internal", "Checks have a host of their own");
  }
});

const factsAboutNothing = (appDir: string): LauncherFacts => ({
  home: dirname(dirname(appDir)),
  platform: process.platform,
  arch: process.arch,
  gpu: "none",
  scripts: {},
});
