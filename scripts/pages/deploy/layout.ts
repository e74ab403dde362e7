/** Where the parts of the picture are; all in the units of its view box. */
export const WIDTH = 860;
export const PLOT = { left: 128, right: 838 } as const;
export const TITLE_Y = 34;
export const SUBTITLE_Y = 56;
export const ROWS = { top: 82, height: 24, bar: 18, gap: 10 } as const;
const LANE = { gap: 16, height: 40 } as const;

export interface Layout {
  readonly x: (seconds: number) => number;
  /** The upper edge of the bar of a task. */
  readonly rowY: (task: number) => number;
  readonly records: Band;
  readonly anew: Band;
  readonly cached: Band;
  readonly axisY: number;
  readonly captionsY: number;
}

/** A strip of the plot. */
export interface Band {
  readonly top: number;
  readonly height: number;
}

export function layoutOf({
  seconds,
  oldTasks,
  tasks,
}: {
  readonly seconds: number;
  readonly oldTasks: number;
  readonly tasks: number;
}): Layout {
  const rowY = (task: number) => ROWS.top + task * ROWS.height + (task < oldTasks ? 0 : ROWS.gap);
  const records = { top: rowY(tasks - 1) + ROWS.height + LANE.gap, height: LANE.height };
  const anew = { top: records.top + records.height + LANE.gap, height: LANE.height };
  const cached = { top: anew.top + anew.height + LANE.gap / 2, height: LANE.height };
  const axisY = cached.top + cached.height + LANE.gap / 2;
  return {
    x: (at) => PLOT.left + ((PLOT.right - PLOT.left) * at) / seconds,
    rowY,
    records,
    anew,
    cached,
    axisY,
    captionsY: axisY + 50,
  };
}
