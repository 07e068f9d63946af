/** @jest-environment node */
import { expect, test } from "@jest/globals";
import { build } from "esbuild";

// It is saved with every widget of every notebook.
test("the stub stays under 1 KB", async () => {
  const { outputFiles } = await build({
    entryPoints: ["src/widgets/stub.ts"],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  expect(outputFiles[0]?.contents.length).toBeLessThan(1024);
});
