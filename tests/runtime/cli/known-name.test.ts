import { expect, test } from "@jest/globals";
import { requireKnown } from "../../../src/runtime/cli/known-name.js";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";

const replies: Record<string, unknown> = {
  "library.shelf": {
    items: [{ app: AppId.parse("privy") }],
    missing: [{ appId: AppId.parse("alpha"), source: "/a", installedAt: "" }],
  },
  "runs.list": [],
};
const client = { request: (name: string) => Promise.resolve(replies[name]) } as unknown as SidecarClient;

test("what no app and no run is called is said, with what is near to it or gone", async () => {
  await expect(requireKnown(client, "app:privy/start.js")).resolves.toBeUndefined();
  await expect(requireKnown(client, "privi")).rejects.toMatchObject({
    message: "No app, script or run is called privi",
    hint: "Near to it: privy",
  });
  await expect(requireKnown(client, "alpha")).rejects.toThrow("alpha was installed here, and its folder is gone");
  await expect(requireKnown(client, "nothing-like-it")).rejects.toMatchObject({
    hint: expect.stringContaining("pinokiocloud list"),
  });
});
