import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares what a request brings with user and password, in a time that tells nothing about them. Source: RFC 7617. */
export function basicAuth(user: string, password: string): (authorization: string | undefined) => boolean {
  const expected = digestOf(`${user}:${password}`);
  return (authorization = '') => {
    const [, encoded = ''] = /^basic +([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? [];
    return timingSafeEqual(expected, digestOf(Buffer.from(encoded, 'base64').toString()));
  };
}

/** Of one length, whatever the text is. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
