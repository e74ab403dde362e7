import process from 'node:process';
import { start } from '../common/environment.ts';
import { serve } from '../common/serve.ts';

const GOODS = [
  { id: 'kettle', name: 'Kettle' },
  { id: 'lamp', name: 'Desk lamp' },
  { id: 'stool', name: 'Stool' },
];

await start(() =>
  serve(process.env, {
    '/goods': () => ({ status: 200, type: 'application/json', body: JSON.stringify(GOODS) }),
  }),
);
