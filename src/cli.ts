#!/usr/bin/env node
import process from 'node:process';
import { runProgram } from './cli/program.ts';
import { guardStreams } from './cli/standard-streams.ts';

// Node 20 is supported for as long as the SDK versions that are pinned here support it; an operator
// cannot do anything about a notice on every run.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** By then whatever ended well has let the process go by itself. */
const LEAVE_AFTER_MS = 2_000;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
}
// A terminal that is closed may send it twice, from its shell and from the kernel, and means one stop by both.
process.on('SIGHUP', () => stop.abort(new Error('stopped by SIGHUP')));

guardStreams(process);

process.exitCode = await runProgram(process.argv.slice(2), process, stop.signal);

// Work that was given up may hold a socket, a child process or a timer: none of them keeps the process.
const leave = () => {
  if (process.stdout.writableLength > 0) process.stdout.once('drain', leave);
  else process.exit();
};
setTimeout(leave, LEAVE_AFTER_MS).unref();
