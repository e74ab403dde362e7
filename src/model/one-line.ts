/** An error of any kind on one line, without its stack: reports and messages are read line by line. */
export function oneLine(error: unknown): string {
  return String(error).replace(/\s+/g, ' ').trim();
}
