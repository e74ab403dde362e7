export interface Line {
  readonly name: string;
  readonly color: string;
  readonly dashed?: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly Line[];
  readonly xTicks?: readonly (readonly [x: number, text: string])[];
}

export function drawPanels(title: string, panels: readonly Panel[]): string;
