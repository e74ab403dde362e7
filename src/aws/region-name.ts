const DIRECTION = '(?:central|(?:north|south)(?:east|west)?|east|west)';
const NAME = new RegExp(`^[a-z]{2,4}(?:-[a-z]+)?-${DIRECTION}-[1-9]\\d?$`);

/**
 * Whether a region is named as AWS names them, by area, direction and number; a new one is as well, and a slip of the
 * fingers mostly is not. Source: AWS General Reference, "AWS service endpoints".
 */
export function isRegionName(name: string): boolean {
  return NAME.test(name);
}
