// Answers on every address of 127.0.0.0/8 at one port, in a process of its own, as fast as Node can
// write prebuilt bytes. How it answers follows from the last octet: see `behaviourOf`.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

const OK = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok');
const hangEvery = Number(process.argv[2] ?? 0);
const isTls = process.argv[3] === 'tls';

function serve(socket) {
  // Binding each of 20,000 addresses would take as many descriptors; so all are bound, and whoever
  // does not come over loopback is shown the door.
  if (!socket.remoteAddress?.startsWith('127.')) {
    socket.destroy();
    return;
  }
  socket.on('error', () => {});
  if (behaviourOf(socket.localAddress) === 'hang') return;
  socket.once('data', () => socket.end(OK));
}

function behaviourOf(address) {
  return hangEvery > 0 && Number(address?.split('.')[3]) % hangEvery === 0 ? 'hang' : 'answer';
}

const pem = (name) => readFileSync(new URL(`../../test/probe/certificates/${name}.pem`, import.meta.url));
const server = isTls
  ? createTlsServer({ key: pem('key'), cert: pem('valid') }, serve).on('tlsClientError', () => {})
  : createServer(serve);

server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 }, () => {
  process.send?.(server.address().port);
});
process.on('disconnect', () => process.exit(0));
