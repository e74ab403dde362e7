// Reads a whole fleet once, in a process of its own: through the SDK into the worker's own model, or as the
// bare loop that fetches the same bytes over kept-alive connections and looks at none of them.
import { Agent, request } from 'node:http';
import { resourceUsage } from 'node:process';
import { measure } from './figures.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const CONNECTIONS = 8;

process.once('message', ({ kind, access, flags, requests }) => {
  const work = kind === 'sdk' ? readThroughSdk(access, flags) : readBare(access, requests);
  work.then(
    (value) => process.send({ value }, () => process.disconnect()),
    (error) => process.send({ error: error.stack }, () => process.disconnect()),
  );
});

async function readThroughSdk(access, flags) {
  const { openParts } = await import('./ports.mjs');
  const parts = openParts(flags, access);
  const { zone, inventory } = await parts.create(new Map());
  const took = await measure(async () => {
    const found = await zone.find(undefined);
    const recordSets = await zone.read(found, undefined);
    const { endpoints } = await inventory.take(() => {}, undefined);
    return { recordSets: recordSets.length, endpoints: endpoints.length };
  });
  parts.clients.destroy();
  return { ...took, maxRssBytes: resourceUsage().maxRSS * 1024 };
}

async function readBare({ endpoint }, requests) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const { hostname, port } = new URL(endpoint);
  let next = 0;
  let bytes = 0;
  const lane = async () => {
    while (next < requests.length) {
      const fetched = await fetchBytes(requests[next++], { agent, hostname, port });
      bytes += fetched;
    }
  };
  const took = await measure(async () => {
    await Promise.all(Array.from({ length: CONNECTIONS }, lane));
    return { bytes };
  });
  agent.destroy();
  return took;
}

function fetchBytes({ method, path, headers, body }, { agent, hostname, port }) {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) };
    const options = { method, path, hostname, port, agent, headers: { ...headers, ...length } };
    const sent = request(options, (response) => {
      let bytes = 0;
      if (response.statusCode !== 200) reject(new Error(`${path} was answered ${response.statusCode}`));
      response.on('data', (chunk) => {
        bytes += chunk.length;
      });
      response.once('end', () => resolve(bytes));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
