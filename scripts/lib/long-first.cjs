// In which order jest runs the files of tests: one that takes long must not be the last, with the other cores idle.
const { statSync } = require("node:fs");

const LONG = [
  "tests/conformance/conformance.test.ts",
  "tests/runtime/library/changes/model.test.ts",
  "tests/e2e/notebook.test.ts",
  "tests/e2e/without-server-extension.test.ts",
];

const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
const isLong = (path) => LONG.some((end) => path.endsWith(end));

module.exports = class LongFirst {
  sort(tests) {
    const rank = ({ path }) => (isLong(path) ? Infinity : sizeOf(path));
    return [...tests].sort((one, other) => (rank(one) === rank(other) ? 0 : rank(other) - rank(one)));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {
    // nothing is remembered: the order is the same each time
  }
};
