import { expect, test } from "@jest/globals";
import { lackingVariables } from "../../../src/runtime/environments/lacking-variables.js";

test("package managers are told only of what is missing", () => {
  expect(lackingVariables({ links: false, space: false }, "/run/pk")).toEqual({});
  expect(lackingVariables({ links: true, space: false }, "/run/pk")).toEqual({
    UV_CACHE_DIR: "/run/pk/uv-cache",
    UV_LINK_MODE: "copy",
    npm_config_bin_links: "false",
  });
  expect(lackingVariables({ links: false, space: true }, "/run/pk")).toEqual({
    PIP_NO_CACHE_DIR: "1",
    UV_NO_CACHE: "1",
  });
});
