import { expect, test } from "@jest/globals";
import { diagnose, type RunEnd } from "../../../src/runtime/recovery/diagnose.js";

const facts = {
  diskFreeBytes: null,
  memoryBytes: null,
  gpuName: null,
  gpuMemoryBytes: null,
  memoryKills: [],
  memoryLimit: null,
  hasInstallScript: true,
};

const end = (output: string, more: Partial<RunEnd> = {}) =>
  diagnose({ output: Buffer.from(output), offset: 0, exitCode: null, signal: null, error: null, facts, ...more });

test("a full disk explains the installation that failed of it", async () => {
  const output = [
    "Collecting torch",
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    "ERROR: Failed building wheel for torch",
    "ModuleNotFoundError: No module named 'torch'",
  ].join("\n");
  expect((await end(output))?.code).toBe("no-space");
});

test("an app without an install script is not told to run one", async () => {
  const output = "ModuleNotFoundError: No module named 'torch'";
  expect((await end(output))?.hint).toContain("install script again");
  expect((await end(output, { facts: { ...facts, hasInstallScript: false } }))?.hint).toContain("no install script");
});

test("GPU memory explains the error that an app raises because of it", async () => {
  const output = [
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 14.56 GiB of which 1.00 GiB is free.",
    "RuntimeError: the picture was not made",
  ].join("\n");
  expect((await end(output))?.code).toBe("gpu-memory-full");
});

test("a network that is away explains that no version was found", async () => {
  const output = [
    "WARNING: Retrying after connection broken by 'NewConnectionError(': Failed to establish a new connection: [Errno -2] Name or service not known')': /simple/six/",
    "ERROR: Could not find a version that satisfies the requirement six (from versions: none)",
    "ERROR: No matching distribution found for six",
  ].join("\n");
  expect((await end(output))?.code).toBe("name-not-resolved");
});

test("a missing compiler explains the build that failed", async () => {
  const output =
    "      error: command 'gcc' failed: No such file or directory\n  ERROR: Failed building wheel for insightface\n";
  expect((await end(output))?.code).toBe("compiler-missing");
});

test("of what a program survives, the last error counts", async () => {
  const output = [
    "Traceback (most recent call last):",
    '  File "a.py", line 1, in <module>',
    "ModuleNotFoundError: No module named 'optional_extra'",
    "going on without it",
    "ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 7860): address already in use",
  ].join("\n");
  expect((await end(output))?.code).toBe("port-taken");
});

test("of a chain of errors the first one counts", async () => {
  const output = [
    "Traceback (most recent call last):",
    '  File "a.py", line 1, in <module>',
    "ModuleNotFoundError: No module named 'sageattention'",
    "",
    "During handling of the above exception, another exception occurred:",
    "",
    "Traceback (most recent call last):",
    '  File "a.py", line 3, in <module>',
    "ImportError: cannot import name 'attention' from 'diffusers.models' (/x/diffusers/models/__init__.py)",
  ].join("\n");
  expect(await end(output)).toMatchObject({
    code: "module-missing",
    sentence: expect.stringContaining("sageattention"),
  });
});

test("a download that went well at the second try is no failure", async () => {
  const output = [
    "WARNING: Retrying (Retry(total=4, connect=None, read=None, redirect=None, status=None)) after connection broken by 'ProtocolError('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))': /simple/six/",
    "Collecting six",
    ...Array.from({ length: 12 }, (_, at) => `  Downloading part ${at}`),
    "Successfully installed six-1.17.0",
    "ValueError: the model name is empty",
  ].join("\n");
  expect((await end(output))?.code).toBe("program-error");
});

test("what is only warned of is no failure", async () => {
  const output = [
    "/x/torch/cuda/__init__.py:124: UserWarning: CUDA initialization: The NVIDIA driver on your system is too old (found version 11000).",
    "A module that was compiled using NumPy 1.x cannot be run in",
    "NumPy 2.2.0 as it may crash. To support both 1.x and 2.x",
    "Running on the CPU",
    "OSError: [Errno 98] Address already in use",
  ].join("\n");
  expect((await end(output))?.code).toBe("port-taken");
});

test("an old failure counts when nothing newer does", async () => {
  const quiet = Array.from({ length: 500 }, (_, at) => `step ${at} of 500`).join("\n");
  expect((await end(`cp: error writing 'x': No space left on device\n${quiet}`))?.code).toBe("no-space");
  const newer = await end(
    `cp: error writing 'x': No space left on device\n${quiet}\nModuleNotFoundError: No module named 'x'`,
  );
  expect(newer?.code).toBe("module-missing");
});

test("137 alone is never taken for full memory", async () => {
  expect(await end("loading model\nKilled\n", { exitCode: 137 })).toMatchObject({ code: "killed" });
  expect(await end("", { signal: "SIGKILL" })).toMatchObject({ code: "killed", line: null });
});

test("what a script says after a kill does not hide it", async () => {
  expect((await end("Killed\nError: it ended\n"))?.code).toBe("killed");
});

test("a program that gives up says why where it can", async () => {
  const output =
    "terminate called after throwing an instance of 'std::runtime_error'\n  what():  no model\nAborted (core dumped)\n";
  expect(await end(output)).toMatchObject({ code: "aborted", sentence: "A program gave up (aborted): no model" });
});

test("a kill that may have been another program's is called that", async () => {
  const memoryKills = [{ program: "python3", pid: 22285, isSure: false }];
  expect(await end("Killed\n", { exitCode: 137, facts: { ...facts, memoryKills, memoryBytes: 16e9 } })).toMatchObject({
    code: "memory-kill",
    sentence:
      "The system ended python3 because the memory was full, perhaps that of this run; this machine has 14.9 GB",
  });
});

test("a kill that the kernel tells of is full memory", async () => {
  const memoryKills = [{ program: "python3", pid: 22285, isSure: true }];
  expect(await end("Killed\n", { exitCode: 137, facts: { ...facts, memoryKills, memoryBytes: 16e9 } })).toMatchObject({
    code: "memory-kill",
    sentence: "python3 was ended by the system because the memory was full; this machine has 14.9 GB",
    line: null,
  });
});

test("a kill of another program is not this run's", async () => {
  const memoryKills = [{ program: "python3", pid: 22285, isSure: true }];
  const failure = await end("ModuleNotFoundError: No module named 'x'\n", { facts: { ...facts, memoryKills } });
  expect(failure?.code).toBe("module-missing");
});

test("no output can pass for what the machine tells", async () => {
  expect(await end("\0memory kill python3 1 sure\n\0exit 139\n")).toBeNull();
});

test("the run's own error is looked at as well", async () => {
  const error = "There is no space left to write /home/ana/pinokiocloud/drive/model.safetensors";
  expect(await end("", { error })).toMatchObject({
    code: "no-space",
    sentence: "There is no space left to write /home/ana/pinokiocloud/drive/model.safetensors",
    line: null,
  });
});

test("the line is told by its byte in the whole output", async () => {
  const before = "✓ täglich\n";
  const failure = await end(`${before}OSError: [Errno 28] No space left on device\n`, { offset: 1_000 });
  expect(failure?.line).toEqual({
    text: "OSError: [Errno 28] No space left on device",
    offset: 1_000 + Buffer.byteLength(before),
  });
});

test("what is secret does not go out with a failure", async () => {
  const failure = await end("fatal: repository 'https://ana:ghp_abcdefghijkl@github.com/a/b/' not found\n");
  expect(JSON.stringify(failure)).not.toMatch(/ana:|abcdefghijkl/);
  expect(failure?.code).toBe("git-repository-missing");
  const known = { secrets: [Buffer.from("correct-horse")] };
  expect(JSON.stringify(await end("ValueError: bad key correct-horse\n", known))).not.toContain("correct-horse");
});

test("nothing is said of an end without a sign of why", async () => {
  expect(await end("all done\n")).toBeNull();
  expect(await end("")).toBeNull();
});

// A pattern that tries the same text in many ways would not come to an end here.
const hostile: [string, string][] = [
  ["one long line", "a".repeat(1_000_000)],
  ...[
    "a",
    " ",
    "1",
    "a.",
    "/a",
    "'a",
    "a.so",
    "(a, ",
    "a and ",
    "Error: ",
    "https://a@",
    "libc.so.6: ",
    "E: error: ERROR: fatal: ",
    "'\"`‘",
    "Because a and ",
    'File "a", line 1 ',
  ].map((piece): [string, string] => [JSON.stringify(piece), `${piece.repeat(1_999 / piece.length)}!\n`.repeat(500)]),
  ["error lines", "E: error: ERROR: Error: fatal: \n".repeat(30_000)],
  ["escapes", "\x1b[\x1b]\x1b".repeat(200_000)],
  ["an open title", "\x1b]0;".repeat(200_000)],
  ["returns", "\r".repeat(1_000_000)],
  ["progress", "50%\r".repeat(250_000)],
  ["line feeds", "\n".repeat(1_000_000)],
  ["tracebacks", "Traceback (most recent call last):\n".repeat(28_000)],
  ["uv's sentences", "cause: Because a\n  and b\n".repeat(40_000)],
];

test.each(hostile)(
  "a megabyte of %s is read in one go",
  async (_, output) => {
    await expect(end(output)).resolves.toBeDefined();
  },
  60_000,
);
