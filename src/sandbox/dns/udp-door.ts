import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Door, Respond } from './tcp-door.ts';

/** Answers over UDP. Rejects when the port is taken. */
export async function openUdpDoor(address: string, port: number, respond: Respond): Promise<Door> {
  const socket = createSocket('udp4');
  socket.on('message', (message, { address: sender, port: senderPort }) => {
    const reply = respond(message);
    // An answer that does not arrive is asked for again.
    if (reply !== undefined && senderPort > 0) socket.send(reply, senderPort, sender, () => undefined);
  });
  socket.bind(port, address);
  await once(socket, 'listening').catch((error) => {
    socket.close();
    throw error;
  });
  socket.on('error', () => undefined);
  return {
    port: socket.address().port,
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}
