import { fstatSync, writeSync } from 'node:fs';
import type { WritableOptions } from 'node:stream';
import { oneLine } from '../model/one-line.ts';
import { EXIT } from './exit-codes.ts';
import { complain, type Terminal } from './terminal.ts';

type Stream = NodeJS.WriteStream & { readonly fd: number };

/** The process, as far as its output goes. */
interface OwnProcess extends Terminal {
  readonly stdout: Stream;
  readonly stderr: Stream;
  exitCode?: number | string | null | undefined;
  once(event: 'exit', listener: () => void): unknown;
}

/**
 * What becomes of output that cannot be written, instead of a stack trace.
 *
 * | stream | error        | then                                                       |
 * |--------|--------------|------------------------------------------------------------|
 * | stdout | EPIPE        | nothing: a reader such as `head` has seen enough           |
 * | stdout | any other    | one line on stderr, once, and exit code 1                  |
 * | stderr | any          | nothing more can be said; a journal there has its own word |
 */
export function guardStreams(own: OwnProcess): void {
  for (const stream of [own.stdout, own.stderr]) writeWhole(stream);
  own.stderr.on('error', () => {});
  let isLost = false;
  own.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || isLost) return;
    isLost = true;
    const remedy = 'make room, or send it elsewhere; what was removed is in the journal';
    complain(`stdout cannot be written (${oneLine(error)}), and what it was to tell is lost: ${remedy}`, own);
    own.once('exit', () => {
      own.exitCode = EXIT.error;
    });
  });
}

/** Node.js takes a short write to a file, as on a disk that is full, for a whole one: the rest would be lost unseen. */
function writeWhole(stream: Stream): void {
  const { fd } = stream;
  if (!fstatSync(fd).isFile()) return;
  const write: NonNullable<WritableOptions['write']> = (chunk, _encoding, done) => {
    try {
      const bytes = Buffer.from(chunk);
      for (let sent = 0; sent < bytes.length; ) sent += writeSync(fd, bytes, sent);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(oneLine(error)));
    }
  };
  Reflect.set(stream, '_write', write);
}
