import { colab } from "./colab.js";
import { jupyterhub } from "./jupyterhub.js";
import { kaggle } from "./kaggle.js";
import { lightning } from "./lightning.js";
import { local } from "./local.js";
import { paperspace } from "./paperspace.js";
import type { Platform, Surroundings } from "./platform.js";
import { runpod, vastai } from "./workspace-volumes.js";

/** First match wins; `local` matches everything and stays last. Kaggle's image is made from Colab's, so it goes first. */
export const platforms: readonly Platform[] = [kaggle, colab, lightning, runpod, vastai, paperspace, jupyterhub, local];

export const detectPlatform = (surroundings: Surroundings): Platform =>
  platforms.find((platform) => platform.detect(surroundings)) ?? local;
