export interface Figure {
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: { readonly most?: number; readonly least?: number; readonly exactly?: number };
}

export interface Results {
  readonly date: string;
  readonly commit: string;
  readonly node: string;
  readonly machine: { readonly cpu: string; readonly cpus: number; readonly memoryGib: number };
  readonly rows: Readonly<Record<string, { readonly figures: readonly Figure[] }>>;
}

export function fillPage(page: string, results: Results, before: Results | undefined): string;
