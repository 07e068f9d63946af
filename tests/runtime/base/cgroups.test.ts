import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import {
  groupProcesses,
  ownCgroups,
  overMemoryOf,
  removeGroup,
  writeGroup,
} from "../../../src/runtime/base/cgroups.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function system(mounts: string, own: string, files: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const write = (name: string, text: string): string => {
    const file = join(folder.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const root = folder.path;
  return {
    root,
    trees: () => ownCgroups({ mounts: write("mountinfo", mounts.replaceAll("ROOT", root)), own: write("own", own) }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const V1_AND_V2 = `24 20 0:21 / ROOT/memory rw,relatime shared:5 - cgroup cgroup rw,memory
25 20 0:22 / ROOT/cpu,cpuacct rw,relatime shared:6 - cgroup cgroup rw,cpu,cpuacct
26 20 0:23 / ROOT/my\\040unified rw,relatime shared:7 - cgroup2 cgroup2 rw,nsdelegate
27 20 0:24 / /home rw - ext4 /dev/vda1 rw
`;

test("the own group is found in the trees of both generations", () => {
  using found = system(V1_AND_V2, "9:name=systemd:/\n4:memory:/box/03c2\n1:cpuacct,cpu:/\n0::/user.slice\n", {
    "my unified/user.slice/cgroup.controllers": "hugetlb pids\n",
  });
  expect(found.trees()).toEqual([
    { version: 1, controllers: ["memory"], folder: `${found.root}/memory/box/03c2` },
    { version: 1, controllers: ["cpuacct", "cpu"], folder: `${found.root}/cpu,cpuacct` },
    { version: 2, controllers: ["hugetlb", "pids"], folder: `${found.root}/my unified/user.slice` },
  ]);
});

test.each([
  ["below the part that is mounted", "/docker/4f5e", "0::/docker/4f5e/inner", "/inner"],
  ["at its top", "/docker/4f5e", "0::/docker/4f5e", ""],
  ["told by a path of the outside", "/docker/4f5e", "0::/", ""],
  ["outside of what can be seen", "/", "0::/../other", ""],
])("in a container the own group may be %s", (_, root, own, path) => {
  using found = system(`26 20 0:23 ${root} ROOT/cgroup rw - cgroup2 cgroup2 rw\n`, `${own}\n`);
  expect(found.trees()).toEqual([{ version: 2, controllers: [], folder: `${found.root}/cgroup${path}` }]);
});

test("what a run has started makes no groups inside of that run's", () => {
  using found = system(V1_AND_V2, "0::/user.slice/pinokiocloud-run_000000000001/deeper\n");
  expect(found.trees().map(({ folder }) => folder)).toEqual([`${found.root}/my unified/user.slice`]);
});

test("where nothing is mounted there is no tree", () => {
  using found = system("27 20 0:24 / /home rw - ext4 /dev/vda1 rw\n", "0::/\n");
  expect(found.trees()).toEqual([]);
});

test("processes are those of the group and of groups below, as far as they can be seen from here", () => {
  using found = system("", "", { "a/cgroup.procs": "12\n0\n", "a/b/cgroup.procs": "13\n", "c/cgroup.procs": "14\n" });
  expect(groupProcesses(join(found.root, "a"))).toEqual([12, 13]);
  expect(groupProcesses(join(found.root, "missing"))).toEqual([]);
});

test("nothing is written where the system has no such file, and what is gone counts as removed", () => {
  using found = system("", "", { "a/there": "" });
  expect(writeGroup(join(found.root, "a"), "there", "1")).toBe(true);
  expect(writeGroup(join(found.root, "a"), "cgroup.kill", "1")).toBe(false);
  expect(removeGroup(join(found.root, "a"))).toBe(false); // a plain folder that holds a file
  expect(removeGroup(join(found.root, "missing"))).toBe(true);
});

const GROUP = { trail: null, cpu: null };

test.each([
  ["2", { "g/memory.max": "104857600\n", "g/memory.events": "low 0\nhigh 0\nmax 30\noom 2\noom_kill 2\n" }, 2],
  [
    "1",
    {
      "g/memory.limit_in_bytes": "104857600\n",
      "g/memory.max_usage_in_bytes": "104000000\n",
      "g/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n",
    },
    1,
  ],
])("programs that wanted more than the limit, generation %s", (_, files, programs) => {
  using found = system("", "", files);
  const memory = join(found.root, "g");
  expect(overMemoryOf({ ...GROUP, memory })).toEqual({ programs, limitBytes: 104_857_600 });
});

test.each([
  ["none was ended", { "g/memory.max": "104857600\n", "g/memory.events": "oom 0\noom_kill 0\n" }],
  ["the whole machine was full", { "g/memory.max": "104857600\n", "g/memory.events": "oom 0\noom_kill 1\n" }],
  [
    "the group was far from its limit",
    {
      "g/memory.limit_in_bytes": "104857600\n",
      "g/memory.max_usage_in_bytes": "4000000\n",
      "g/memory.oom_control": "oom_kill 1\n",
    },
  ],
  ["nobody tells", { "g/other": "" }],
])("that is not said when %s", (_, files) => {
  using found = system("", "", files);
  expect(overMemoryOf({ ...GROUP, memory: join(found.root, "g") })).toBeNull();
  expect(overMemoryOf(null)).toBeNull();
});
