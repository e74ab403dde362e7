import process from 'node:process';
import { start } from '../common/environment.ts';
import { serve } from '../common/serve.ts';
import { portalRoutes } from './portal-routes.ts';

await start(() => serve(process.env, portalRoutes(process.env)));
