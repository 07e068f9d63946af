// Runs inside Pinokio's own Node: takes orders from standard input and answers on file descriptor 3, a line each.
//   node pinokiod-driver.cjs <source> <home>
const { writeSync } = require("node:fs");
const { join } = require("node:path");
const { createInterface } = require("node:readline");

const [source, home] = process.argv.slice(2);
const Kernel = require(join(source, "kernel"));

const reply = (value) => writeSync(3, `${JSON.stringify(value)}\n`);
const clockMs = () => Number(process.hrtime.bigint()) / 1e6;

async function main() {
  const kernel = new Kernel({ store: { home } });
  await kernel.init({});
  await kernel.sysReady;
  const handlers = {
    run: (order) => run(kernel, order),
    render: (order) => render(kernel, order),
    menus: (order) => menus(kernel, order),
  };
  for await (const line of start(createInterface({ input: process.stdin }))) {
    const order = JSON.parse(line);
    const [kind] = Object.keys(order);
    reply(await handlers[kind](order).catch((error) => ({ error: error.stack })));
  }
}

function start(lines) {
  reply({});
  return lines;
}

function run(kernel, { run: file }) {
  return new Promise((resolve, reject) => {
    kernel.api.listen("bench", ({ type, data }) => {
      if (type === "error") reject(new Error(String(data)));
      if (type === "event" && data === "stop") resolve({ began, wholeMs: clockMs() - began });
    });
    const began = clockMs();
    kernel.api.process({ uri: file }).catch(reject);
  });
}

async function render(kernel, { render: value, names, count }) {
  const began = clockMs();
  for (let round = 0; round < count; round++) kernel.template.render(value, names);
  return { ms: clockMs() - began };
}

/** As its own start page does it. */
async function menus(kernel, { menus: apps }) {
  const ms = [];
  for (const app of apps) {
    const began = clockMs();
    const { script } = await kernel.api.launcher(app);
    if (typeof script.menu === "function") await script.menu(kernel, kernel.info);
    ms.push(clockMs() - began);
  }
  return { ms };
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
