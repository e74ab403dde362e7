import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TestServer } from '../sandbox/test-server.ts';

/** What happens around a request: before it is sent on, and once it is answered. */
export interface Gate {
  readonly before: (request: Pick<IncomingMessage, 'method' | 'url'>) => Promise<void>;
  readonly after?: () => void;
}

/** The same sandbox through a door of its own, at which every request of one worker waits for its turn. */
export async function gated(server: TestServer, gate: Gate): Promise<TestServer> {
  const door = createServer((incoming, outgoing) => void pass(server.url, gate, incoming, outgoing));
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    door.closeAllConnections();
    door.close();
  });
  const { port } = door.address() as AddressInfo;
  return { ...server, url: `http://127.0.0.1:${port}` };
}

async function pass(
  url: string,
  gate: Gate,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) body.push(chunk);
  await gate.before(incoming);
  const { method, headers } = incoming;
  const onward = forward(new URL(incoming.url ?? '/', url), { method, headers }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      gate.after?.();
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      outgoing.end(Buffer.concat(chunks));
    });
  });
  onward.end(Buffer.concat(body));
}
