import process from 'node:process';
import { start } from '../common/environment.ts';
import { serve } from '../common/serve.ts';
import { timeRoutes } from './time-routes.ts';

await start(() => serve(process.env, timeRoutes(process.env)));
