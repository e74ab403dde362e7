import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** The least that a check can be: connect, send a request, look at the status. No limits, no timeouts. */
export function bareCheck(host, port) {
  return ask(connect({ host, port }), 'connect', host);
}

/** The same over TLS. */
export function bareTlsCheck(host, port) {
  return ask(connectTls({ host, port, rejectUnauthorized: false }), 'secureConnect', host);
}

function ask(socket, ready, host) {
  return new Promise((resolve, reject) => {
    socket.once(ready, () =>
      socket.write(`GET /health HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
    );
    socket.once('data', (data) => {
      socket.destroy();
      resolve(Number(data.latin1Slice(9, 12)));
    });
    socket.once('error', reject);
  });
}

/** Asks all targets, so many at a time; throws at the first that is not well. */
export async function pool(targets, concurrency, check) {
  let next = 0;
  const lane = async () => {
    while (next < targets.length) {
      const status = await check(targets[next++]);
      if (status !== 200) throw new Error(`unexpected status ${status}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

/** Asks all addresses with the product's own prober; throws when one is not well. */
export async function probeAll(prober, addresses, port, check) {
  const outcomes = await prober.probe(
    addresses.map((address) => ({ address, port, check })),
    {},
    undefined,
  );
  for (const outcome of outcomes.values())
    if (outcome.kind !== 'healthy') throw new Error(`unexpected outcome ${JSON.stringify(outcome)}`);
}
