import process from 'node:process';
import { start } from '../common/environment.ts';
import { serve } from '../common/serve.ts';
import { shopRoutes } from './shop-routes.ts';

await start(() => serve(process.env, shopRoutes(process.env)));
