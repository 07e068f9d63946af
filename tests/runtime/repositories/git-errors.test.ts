import { expect, test } from "@jest/globals";
import { explainGit } from "../../../src/runtime/repositories/git-errors.js";

const ADDRESS = "https://example.org/ada/hello.git";
const failure = (...lines: string[]) => ({
  ...{ lines, exitCode: 128, address: ADDRESS, wanted: null, command: "clone", cwd: "/home/api/.fetched/x" },
});

/** What git, and the servers behind it, really say. */
test.each([
  ["fatal: write error: No space left on device", "out-of-space"],
  ["error: file write error (Disk quota exceeded)", "out-of-space"],
  ["fatal: could not read Username for 'https://example.org': terminal prompts disabled", "login-needed"],
  ["fatal: Authentication failed for 'https://example.org/ada/hello.git/'", "login-needed"],
  ["git@example.org: Permission denied (publickey).", "login-needed"],
  ["Host key verification failed.", "login-needed"],
  [
    "fatal: unable to access 'https://example.org/ada/hello.git/': The requested URL returned error: 403",
    "login-needed",
  ],
  ["remote: Repository not found.", "repository-missing"],
  ["fatal: repository 'https://example.org/ada/hello.git/' not found", "repository-missing"],
  ["fatal: https://example.org/info/refs not valid: is this a git repository?", "repository-missing"],
  ["fatal: '/srv/x' does not appear to be a git repository", "repository-missing"],
  ["fatal: Remote branch dev not found in upstream origin", "branch-missing"],
  ["fatal: remote error: upload-pack: not our ref 0123456789abcdef", "branch-missing"],
  ["error: unable to create file x: File name too long", "name-unsupported"],
  ["error: invalid path 'aux\\\\b'", "name-unsupported"],
  ["fatal: transport 'file' not allowed", "source-unsupported"],
  ["fatal: unable to access 'x': Could not resolve host: example.org", "network-failed"],
  ["fatal: unable to access 'x': SSL certificate problem: unable to get local issuer certificate", "network-failed"],
  ["fatal: unable to access 'x': The requested URL returned error: 503", "network-failed"],
  ["error: RPC failed; curl 18 transfer closed with outstanding read data remaining", "network-failed"],
  ["fatal: early EOF", "network-failed"],
  ["fatal: something new", "step-failed"],
])("%s is %s", (line, code) => {
  const { message, hint, ...error } = explainGit(failure("Cloning into 'x'...", line));
  expect(error).toMatchObject({ code });
  expect(message).not.toMatch(/^fatal|^error/);
  if (code !== "step-failed") expect(hint).toBeTruthy();
});

test("what is more exact is said first, and names the address", () => {
  const { code, message } = explainGit(
    failure("fatal: unable to write file x: No space left on device", "fatal: early EOF"),
  );
  expect(code).toBe("out-of-space");
  expect(message).toContain("/home/api/.fetched/x");
  expect(explainGit(failure("fatal: early EOF")).message).toBe(`${ADDRESS} could not be reached: early EOF`);
  const refused = "ssh: connect to host 127.0.0.1 port 1: Connection refused";
  const { message: why, hint } = explainGit(failure(refused, "fatal: Could not read from remote repository."));
  expect(why).toBe(`${ADDRESS} could not be reached: ${refused}`);
  expect(hint).not.toContain("large files");
});
