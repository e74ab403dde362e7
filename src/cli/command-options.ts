import { RunError } from '../model/run-error.ts';
import { listed, type OwnOption } from './command-spec.ts';
import { readVerdicts } from './report-filter.ts';

export const ALL: OwnOption = { flags: '--all', description: 'list live entries in the report too' };
export const ONLY: OwnOption = {
  flags: '--only <verdicts>',
  description: 'list only entries of these verdicts, such as unhealthy,stale',
  check: readVerdicts,
};
export const FORCE: OwnOption = {
  flags: '--force',
  description: 'lift removal budget, panic threshold, network self-test and inventory-shrunk for this run',
};
export const LISTEN: OwnOption = {
  flags: '--listen <address>',
  description:
    'serve a status page, /metrics, /healthz and /readyz: :7979 for this machine, 0.0.0.0:7979 for all',
  check: async (text) => (await import('../watch/listen-address.ts')).readListenAddress(text),
};
export const YES = '--yes';

export function grace(byDefault: string, what: string): OwnOption {
  return {
    flags: '--grace <duration>',
    description: `how long a ${what} under way may go on after SIGTERM`,
    byDefault,
    check: async (text) => (await import('./watch-command.ts')).readGrace(text),
  };
}

export function checkAccount(text: string): void {
  if (/^\d{12}$/.test(text)) return;
  throw new RunError('usage', `--account: ${JSON.stringify(text)} is no account id; write its twelve digits`);
}

export function wholeNumberOption(
  flag: string,
  description: string,
  byDefault?: string,
  from = 0,
): OwnOption {
  return {
    flags: `${flag} <number>`,
    description: byDefault === undefined ? description : `${description} (default ${byDefault})`,
    check: (text) => wholeNumber(flag, text, { from }),
  };
}

const MAX_NUMBER = 999_999_999;

export function wholeNumber(
  flag: string,
  text: string,
  { from = 0, to = MAX_NUMBER }: { readonly from?: number; readonly to?: number },
): void {
  if (/^\d{1,9}$/.test(text) && Number(text) >= from && Number(text) <= to) return;
  const range = to === MAX_NUMBER ? `of ${from} or more` : `from ${from} to ${to}`;
  throw new RunError('usage', `${flag}: ${JSON.stringify(text)} is not valid; write a whole number ${range}`);
}

export function oneOf(flag: string, text: string, words: readonly string[]): void {
  if (words.includes(text)) return;
  throw new RunError('usage', `${flag}: ${JSON.stringify(text)} is not valid; write ${listed(words)}`);
}
