export function quotaFloor(
  calls: Readonly<Record<string, number>>,
  quotas: 'current' | 'older',
): { readonly bucket: string; readonly ms: number };

export function callsWithin(ms: number, operation: string, quotas: 'current' | 'older' | undefined): number;
