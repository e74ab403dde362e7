/** A share in percent as people write it; one decimal where rounding would hide the excess over `limit`. */
export function formatShare(part: number, whole: number, limit: number): string {
  const percent = (part / whole) * 100;
  const rounded = Math.round(percent);
  return `${rounded === limit ? percent.toFixed(1) : rounded} %`;
}

/** Whether `part` is more than `limit` percent of `whole`. */
export function exceedsShare(part: number, whole: number, limit: number): boolean {
  return part * 100 > whole * limit;
}
