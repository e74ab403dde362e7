import { fork } from 'node:child_process';

const CREDENTIALS = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };

/** Starts the sandbox's process. `close` ends it; every command waits for its answer. */
export function startSandbox() {
  const child = fork(new URL('./sandbox-process.mjs', import.meta.url), { execArgv: [] });
  const waiting = new Map();
  let lastId = 0;
  child.on('message', ({ id, value, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(value);
    else reject(new Error(`the sandbox: ${error}`));
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the sandbox ended'));
  });
  const send = (command, argument) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      child.send({ id: lastId, command, argument });
    });
  let facts;
  return {
    /** Makes a fleet; `listen` starts its containers. Returns what it is made of and what it takes to read. */
    async fleet(options, { listen = false } = {}) {
      facts = await send('fleet', { options, listen });
      return facts;
    },
    /** Serves the fleet anew, and returns how to reach it. */
    async serve(conditions = {}) {
      const { url } = await send('serve', conditions);
      return { endpoint: url, region: facts.region, credentials: CREDENTIALS };
    },
    restore: () => send('restore'),
    account: () => send('account'),
    record: () => send('record'),
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}
