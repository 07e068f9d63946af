import { describe, expect, test } from "@jest/globals";
import { condaUseIn } from "../../../src/runtime/methods/conda-words.js";

describe("what changes the base environment's conda or Python is refused", () => {
  test.each([
    ["conda install -y python=3.11", "python=3.11"],
    ["conda install conda=25.5.1 --yes", "conda=25.5.1"],
    ["'conda' 'install' '-y' 'conda-forge::python>=3.12'", "conda-forge::python>=3.12"],
    ["conda update --all -y", "update --all"],
    ["conda upgrade -n base conda", "conda"],
    ["echo hello && conda remove -y python", "python"],
    ["conda activate own && conda deactivate && conda install python", "python"],
    ['eval "$(conda shell.bash hook)" && conda install -y "python<3.12"', "python<3.12"],
    ["FOO=1 sudo conda install python", "python"],
    ["conda create -y -n base python=3.9", "python=3.9"],
    ["conda install -p /home/bin/miniforge python", "python"],
  ])("%s", (line, refusal) => {
    expect(condaUseIn(line, false)).toEqual({ refusal });
  });
});

describe("everything else with conda runs", () => {
  test.each([
    "conda install -y -c conda-forge ffmpeg",
    "conda install -y -c python ffmpeg",
    "conda install -y python=3.11 -p ./env",
    "conda install --name=own python=3.11",
    "conda create -y -p conda_env python=3.9",
    "conda create -y -n stablevideo",
    "conda activate ./env && conda install -y python=3.11",
    "conda install --dry-run python=3.11",
    "conda update -y -c conda-forge huggingface_hub",
    "conda list python",
    "conda env list",
    "echo conda install python",
  ])("%s", (line) => {
    expect(condaUseIn(line, false)).toEqual({ refusal: null });
  });

  test("in an environment of the step's own, its Python too", () => {
    expect(condaUseIn("conda install -y python=3.11", true)).toEqual({ refusal: null });
  });
});

test.each(["pip install conda", "echo miniconda", "ls conda_env", "./conda.sh install", "uv pip install x", ""])(
  "%j has nothing to do with conda",
  (line) => {
    expect(condaUseIn(line, false)).toBeNull();
  },
);
