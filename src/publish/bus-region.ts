const BUS_ARN = /^arn:[^:]+:events:([^:]+):/;

/** The region of a bus that is given by its ARN; one that is given by its name is the worker's own. */
export function busRegion(bus: string): string | undefined {
  return BUS_ARN.exec(bus)?.[1];
}
