import process from 'node:process';
import { start } from '../common/environment.ts';
import { serve } from '../common/serve.ts';

/** In cents, by the id of the goods. */
const PRICES = { kettle: 3_900, lamp: 5_450, stool: 7_200 };

await start(() =>
  serve(process.env, {
    '/prices': () => ({ status: 200, type: 'application/json', body: JSON.stringify(PRICES) }),
  }),
);
