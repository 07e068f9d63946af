import { describe, expect, test } from "@jest/globals";
import { shellEnvironment, type ShellEnvironmentParts } from "../../../src/runtime/environments/shell-environment.js";

const build = (parts: Partial<ShellEnvironmentParts> = {}): Record<string, string> =>
  shellEnvironment({
    base: { PATH: "/usr/bin:/bin", HOME: "/root" },
    home: "/h",
    files: [],
    activation: null,
    step: {},
    without: [],
    requireVirtualenv: true,
    exists: () => false,
    ...parts,
  });

describe("what the machine gives", () => {
  test.each(["SSH_CONNECTION", "PYTHONPATH", "CUDA_HOME", "CONDA_PREFIX", "MY_SSL_THING", "_CE_CONDA", "BLUEFAIRY_X"])(
    "%s does not reach the shell",
    (name) => {
      expect(build({ base: { PATH: "/bin", [name]: "x" } })).not.toHaveProperty(name);
    },
  );

  test.each(["CUDA_VISIBLE_DEVICES", "SSL_CERT_FILE", "LANG", "HTTP_PROXY", "HF_TOKEN"])("%s does", (name) => {
    expect(build({ base: { PATH: "/bin", [name]: "x" } })).toHaveProperty(name, "x");
  });
});

describe("what is always there", () => {
  test.each([
    ["PYTHONNOUSERSITE", "1"],
    ["UV_PYTHON_PREFERENCE", "only-managed"],
    ["PYTORCH_ENABLE_MPS_FALLBACK", "1"],
    ["HF_HUB_DISABLE_UPDATE_CHECK", "1"],
    ["HF_TOKEN_PATH", "/h/cache/HF_AUTH/token"],
    ["PIP_REQUIRE_VIRTUALENV", "true"],
    ["CONDA_ENVS_PATH", "/h/bin/miniforge/envs"],
    ["CONDA_PKGS_DIRS", "/h/bin/miniforge/pkgs"],
    ["HOMEBREW_PREFIX", "/h/bin/homebrew"],
    ["NPM_CONFIG_PREFIX", "/h/bin/npm"],
    ["HISTFILE", "/h/history/bash_history"],
  ])("%s", (name, value) => {
    expect(build()).toHaveProperty(name, value);
  });

  test("unless the step leaves conda out, pip needs an environment", () => {
    expect(build({ requireVirtualenv: false })).not.toHaveProperty("PIP_REQUIRE_VIRTUALENV");
  });
});

describe("what a step says", () => {
  test("values become text; a list goes in front of what is there; names must be names", () => {
    const env = build({
      base: { PATH: "/bin", LIST: "/old" },
      step: { E: 5, Z: true, N: null, LIST: ["/a", "/b"], NEW: ["/a", "/b"], "BAD-NAME": "x", EMPTY: "", NL: "a\nb" },
    });
    expect(env).toMatchObject({ E: "5", Z: "true", N: "null", LIST: "/a:/b:/old", NEW: "/a:/b", EMPTY: "", NL: "a b" });
    expect(env).not.toHaveProperty("BAD-NAME");
  });

  test("a value of several lines is kept where it belongs", () => {
    expect(build({ step: { PINOKIO_ARG_0: "a\nb" } })["PINOKIO_ARG_0"]).toBe("a\nb");
  });

  test("PATH takes a list, which goes first; text is an error", () => {
    expect(build({ step: { path: ["/first"] } })["PATH"]).toBe("/first:/usr/bin:/bin:/h/bin");
    expect(() => build({ step: { PATH: "/first" } })).toThrow(/"PATH" in a step's env is "\/first", not a list/);
  });

  test("it may leave variables out, and wins over files and the machine", () => {
    const env = build({
      base: { PATH: "/bin", A: "machine", B: "machine", C: "machine", D: "machine" },
      files: [
        { B: "home", C: "home", D: "home" },
        { C: "app", D: "app" },
      ],
      step: { D: "step" },
      without: ["A"],
    });
    expect(env).toMatchObject({ B: "home", C: "app", D: "step" });
    expect(env).not.toHaveProperty("A");
  });
});

test("an environment goes in front of the path and sets its variables", () => {
  const env = build({
    base: { PATH: "/bin", PYTHONHOME: "/x" },
    activation: { variables: { VIRTUAL_ENV: "/app/env" }, without: ["PYTHONHOME"], path: ["/app/env/bin"] },
    step: { PATH: ["/step"] },
  });
  expect(env["PATH"]).toBe("/step:/app/env/bin:/bin:/h/bin");
  expect(env["VIRTUAL_ENV"]).toBe("/app/env");
  expect(env).not.toHaveProperty("PYTHONHOME");
});

test("folders of tools are on the path when they are there", () => {
  expect(build({ exists: (path) => path === "/h/bin/miniforge/bin" })["PATH"]).toBe(
    "/h/bin/miniforge/bin:/usr/bin:/bin:/h/bin",
  );
});

describe("what compilers look for", () => {
  const here = (...paths: string[]) => ({ exists: (path: string) => paths.includes(path) });

  test("nothing is said of what is not here", () => {
    const env = build();
    for (const name of ["NVCC_PREPEND_FLAGS", "CUDA_HOME", "PYTHON"]) expect(env).not.toHaveProperty(name);
  });

  test("the first C++ compiler on PATH is nvcc's too", () => {
    const { exists } = here("/usr/bin/g++", "/bin/g++");
    expect(build({ exists })["NVCC_PREPEND_FLAGS"]).toBe("-ccbin /usr/bin/g++");
  });

  test.each([
    [["/h/bin/miniforge/bin/nvcc", "/usr/local/cuda/bin/nvcc"], "/h/bin/miniforge"],
    [["/opt/cuda/bin/nvcc", "/usr/local/cuda/bin/nvcc"], "/opt/cuda"],
    [["/usr/local/cuda/bin/nvcc"], "/usr/local/cuda"],
  ])("with %j CUDA is in %s", (paths, expected) => {
    const { exists } = here(...paths);
    expect(build({ exists, base: { PATH: "/bin", CUDA_HOME: "/opt/cuda" } })["CUDA_HOME"]).toBe(expected);
  });

  test("conda's Python is named when it is there", () => {
    expect(build(here("/h/bin/miniforge/bin/python"))["PYTHON"]).toBe("/h/bin/miniforge/bin/python");
  });
});
