// What JupyterLab's builder is told besides its own settings: the version that people see.
const { version } = require("../../../package.json");
const { DefinePlugin } = require(
  require.resolve("@rspack/core", { paths: [require.resolve("@jupyter/builder/package.json")] }),
);

module.exports = { plugins: [new DefinePlugin({ __PINOKIOCLOUD_VERSION__: JSON.stringify(version) })] };
