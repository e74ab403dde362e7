/** A share in percent as people write it; with as many decimals as it takes to tell it from `limit`. */
export function formatShare(part: number, whole: number, limit: number): string {
  const percent = (part / whole) * 100;
  const telling = [0, 1, 2, 3]
    .map((decimals) => percent.toFixed(decimals))
    .find((text) => Number(text) !== limit);
  return `${telling ?? limit} %`;
}

/** Whether `part` is more than `limit` percent of `whole`. */
export function exceedsShare(part: number, whole: number, limit: number): boolean {
  return part * 100 > whole * limit;
}
