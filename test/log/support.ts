import { type ProcessLogOptions, processLog } from '../../src/log/process-log.ts';

export const ESCAPE = '\u001b';

/** A log of a process that keeps its lines; `columns` makes its stream a terminal. */
export function keptLog(options: Partial<ProcessLogOptions> & { readonly columns?: number } = {}) {
  const { columns, ...others } = options;
  let text = '';
  const stream = {
    write: (more: string) => {
      text += more;
    },
    ...(columns === undefined ? {} : { isTTY: true, columns }),
  };
  const log = processLog(stream, { format: 'json', level: 'info', color: false, ...others });
  const lines = () => text.split('\n').slice(0, -1);
  return {
    log,
    text: () => text,
    lines,
    records: (): readonly Readonly<Record<string, unknown>>[] => lines().map((line) => JSON.parse(line)),
  };
}
