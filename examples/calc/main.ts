import process from 'node:process';
import { start } from '../common/environment.ts';
import { serve } from '../common/serve.ts';
import { calcRoutes } from './calc-routes.ts';

await start(() => serve(process.env, calcRoutes));
