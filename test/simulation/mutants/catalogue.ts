import { blindMutants } from './blind.ts';
import { carelessMutants } from './careless.ts';
import { clumsyMutants } from './clumsy.ts';
import { credulousMutants } from './credulous.ts';
import { eagerMutants } from './eager.ts';
import { forgetfulMutants } from './forgetful.ts';
import { hastyMutants } from './hasty.ts';
import type { Mutant } from './mutant.ts';
import { narrowMutants } from './narrow.ts';
import { scopedMutants } from './scoped.ts';

/** Every way in which the worker is broken on purpose. */
export const MUTANTS: readonly Mutant[] = [
  ...blindMutants,
  ...credulousMutants,
  ...hastyMutants,
  ...carelessMutants,
  ...forgetfulMutants,
  ...eagerMutants,
  ...clumsyMutants,
  ...narrowMutants,
  ...scopedMutants,
];
