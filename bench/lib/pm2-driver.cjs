// Talks to pm2's daemon as its command line does, without starting that each time: takes orders from standard input
// and answers on file descriptor 3, a line each.
//   PM2_HOME=<folder> node pm2-driver.cjs <folder of the package>
const { writeSync } = require("node:fs");
const { createInterface } = require("node:readline");
const pm2 = require(process.argv[2]);

const reply = (value) => writeSync(3, `${JSON.stringify(value)}\n`);

const call = (method, ...args) =>
  new Promise((resolve, reject) =>
    pm2[method](...args, (error, value) =>
      error ? reject(new Error(error.message ?? String(error))) : resolve(value),
    ),
  );

const HANDLERS = {
  start: async ({ apps }) => {
    await Promise.all(apps.map((app) => call("start", app)));
    return {};
  },
  stop: async () => {
    await call("stop", "all");
    return {};
  },
  kill: async () => {
    await call("killDaemon");
    return {};
  },
};

async function main() {
  await call("connect");
  reply({});
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    reply(await HANDLERS[order.what](order).catch((error) => ({ error: error.message })));
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
