import { expect, test } from "@jest/globals";
import { agreedBy, type Coming, comingText, lookAt } from "../../../src/runtime/cli/package-needs.js";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import type { Session } from "../../../src/runtime/cli/session.js";
import type { Inspection } from "../../../src/runtime/protocol/apps.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";

const inspection: Inspection = {
  ...{ source: "https://example.test/mid.git", name: AppId.parse("mid"), title: "Mid", description: "" },
  ...{ fingerprint: "f1", commit: "0123456789", agreed: false, installed: false, installers: [] },
  scripts: [{ path: "install.json", commands: ["echo hi"], problem: null }],
};
const app = { id: "index/mid", type: "app", name: "Mid", installed: false, where: "api", bytes: null } as const;
const model = { ...app, id: "index/big", type: "model", name: "Big", where: "drive/loras", bytes: 2_000 } as const;

test("what comes with an app is agreed to with its address and its commit", () => {
  const coming: Coming[] = [
    { ...model, warning: "It is large", inspection: null },
    { ...app, warning: null, inspection },
  ];
  expect(comingText(coming).split("\n")).toEqual([
    "Big (model) goes to drive/loras, 2 KB",
    "Warning: It is large",
    "Mid (app) goes to api",
    "Mid's scripts run as you on this machine.",
    "From    https://example.test/mid.git at 0123456789",
    "install.json",
    "    echo hi",
  ]);
  expect(agreedBy(coming)).toEqual({ "index/mid": "f1" });
});

test("only what is not here is looked at, and a package without scripts is not fetched for that", async () => {
  const asked: string[] = [];
  const request = (name: string, { source }: { source: string }) => {
    asked.push(`${name} ${source}`);
    return Promise.resolve(name === "apps.fetch" ? { job: null } : inspection);
  };
  const coming = await lookAt({} as Session, { request } as unknown as SidecarClient, [
    { ...app, id: "here", installed: true, inspect: "https://example.test/here.git", warning: null },
    { ...model, inspect: null, warning: null },
    { ...app, inspect: "https://example.test/mid.git", warning: null },
  ]);
  expect(coming.map(({ id, inspection: seen }) => [id, seen?.fingerprint])).toEqual([
    ["index/big", undefined],
    ["index/mid", "f1"],
  ]);
  expect(asked).toEqual(["apps.fetch https://example.test/mid.git", "apps.inspect https://example.test/mid.git"]);
});
