import { text } from "node:stream/consumers";
import { ScreenOrder } from "./protocol/screen.js";
import { drawScreen } from "./screen/draw-screen.js";

/** Draws one screen, for a sidecar that does not want what it takes in its own memory. */
const { secrets, ...wish } = ScreenOrder.parse(JSON.parse(await text(process.stdin)));
const screen = await drawScreen({ ...wish, secrets: secrets.map((secret) => Buffer.from(secret, "base64")) });
process.stdout.write(JSON.stringify(screen));
