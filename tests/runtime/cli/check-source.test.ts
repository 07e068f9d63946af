import { expect, test } from "@jest/globals";
import { openCheckSource } from "../../../src/runtime/cli/check-source.js";

test("where there is no git that is said, and not that the address is wrong", async () => {
  const path = process.env["PATH"];
  process.env["PATH"] = "/nonexistent";
  try {
    await expect(openCheckSource("https://git.example.test/a.git", "/")).rejects.toMatchObject({
      code: "tool-missing",
      message: "The program git was not found",
    });
  } finally {
    process.env["PATH"] = path;
  }
});
