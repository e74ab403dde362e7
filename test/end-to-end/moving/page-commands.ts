import { readFileSync } from 'node:fs';

/** A command of a page, in one line, and what the page says that it prints. */
export interface PageCommand {
  readonly text: string;
  /** Lines that stand in what it prints, each with one space where there may be several. */
  readonly prints: readonly string[];
}

const BLOCK = /^```(sh|text)\n([\s\S]*?)^```$/gm;

/** The commands of a page's `sh` blocks in their order; a `text` block is what the last one before it prints. */
export function commandsOf(page: string): readonly PageCommand[] {
  const commands: PageCommand[] = [];
  for (const [, kind, text = ''] of readFileSync(page, 'utf8').matchAll(BLOCK)) {
    if (kind === 'sh') {
      for (const line of linesOf(text)) commands.push({ text: line, prints: [] });
      continue;
    }
    const last = commands.findLastIndex((one) => isOurs(one.text));
    const command = commands[last];
    if (command !== undefined) commands[last] = { ...command, prints: linesOf(text).map(squeezed) };
  }
  return commands;
}

/** Whether a command is one of this project's; all others act on AWS or on a host without it. */
export function isOurs(command: string): boolean {
  return command.startsWith('ecs-dns ');
}

export function squeezed(text: string): string {
  return text.replaceAll(/ +/g, ' ').trim();
}

function linesOf(block: string): readonly string[] {
  return block
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
}
