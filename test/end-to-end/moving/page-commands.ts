import { readFileSync } from 'node:fs';
import type { ChangeBatch } from '@aws-sdk/client-route-53';

/** A command of a page, in one line, and what the page says that it prints. */
export interface PageCommand {
  readonly text: string;
  /** The sample that follows it, line by line; empty where there is none. */
  readonly prints: readonly string[];
}

const BLOCK = /^```(sh|text)\n([\s\S]*?)^```$/gm;

/** A block of a page, without empty lines; a command is one line, however it is broken there. */
interface Block {
  readonly kind: 'sh' | 'text';
  readonly lines: readonly string[];
}

/** The commands and samples of a page, in their order. */
export function blocksOf(page: string): readonly Block[] {
  return [...readFileSync(page, 'utf8').matchAll(BLOCK)].map(([, kind, text = '']) => ({
    kind: kind === 'sh' ? 'sh' : 'text',
    lines: linesOf(text),
  }));
}

/** The commands of a page's `sh` blocks in their order; a `text` block is what the last of ours before it prints. */
export function commandsOf(page: string): readonly PageCommand[] {
  const commands: PageCommand[] = [];
  for (const { kind, lines } of blocksOf(page)) {
    if (kind === 'sh') {
      for (const line of lines) commands.push({ text: line, prints: [] });
      continue;
    }
    const last = commands.findLastIndex((one) => isOurs(one.text));
    const command = commands[last];
    if (command === undefined) throw new TypeError(`${page}: a sample stands before every command of ours`);
    if (command.prints.length > 0) throw new TypeError(`${page}: ${command.text} has two samples`);
    commands[last] = { ...command, prints: lines };
  }
  return commands;
}

/** The batch of changes that a page has for the AWS CLI. */
export function batchOfPage(page: string): ChangeBatch {
  const [, batch = ''] = /^```json\n([\s\S]*?)^```$/m.exec(readFileSync(page, 'utf8')) ?? [];
  return JSON.parse(batch);
}

/** Whether a command is one of this project's; all others act on AWS or on a host without it. */
export function isOurs(command: string): boolean {
  return command.startsWith('ecs-dns ');
}

function linesOf(block: string): readonly string[] {
  return block
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
}
