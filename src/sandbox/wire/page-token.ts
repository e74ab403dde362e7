import { hash } from 'node:crypto';

function checksum(payload: string): string {
  return hash('sha256', `page-token ${payload}`, 'base64url').slice(0, 16);
}

/** An opaque token for the page after `position`, good only for the same listing (`scope`). */
export function writePageToken(scope: string, position: number): string {
  const payload = Buffer.from(JSON.stringify([checksum(scope), position])).toString('base64url');
  return `${payload}.${checksum(payload)}`;
}

/** The position a token stands for; `undefined` for a forged token and for one of another listing. */
export function readPageToken(scope: string, token: string): number | undefined {
  const [payload = '', sum] = token.split('.');
  if (sum !== checksum(payload)) return undefined;
  const [tokenScope, position]: readonly unknown[] = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return tokenScope === checksum(scope) && typeof position === 'number' ? position : undefined;
}
