import process from 'node:process';
import { start } from '../common/environment.ts';
import { serve } from '../common/serve.ts';
import { homeRoutes } from './home-routes.ts';

await start(() => serve(process.env, homeRoutes(process.env)));
