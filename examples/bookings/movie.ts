import process from 'node:process';
import { start } from '../common/environment.ts';
import { serve } from '../common/serve.ts';
import { newHits } from './hits.ts';

const MOVIES = ['The Long Way Round', 'Two Lamps', 'A Winter Harbour'];

/** `GET /movies`: what is on, and how often that was asked for. */
await start(() => {
  const hits = newHits(process.env);
  return serve(process.env, {
    '/movies': async () => ({
      status: 200,
      type: 'application/json',
      body: JSON.stringify({ movies: MOVIES, hits: await hits.count('movie') }),
    }),
  });
});
