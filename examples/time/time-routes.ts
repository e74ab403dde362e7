import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';
import { type Environment, EnvironmentError, required } from '../common/environment.ts';
import type { Routes } from '../common/serve.ts';
import { basicAuth } from './basic-auth.ts';

dayjs.extend(utc);

const MAX_LENGTH = 100;
const ISO = 'YYYY-MM-DDTHH:mm:ss[Z]';

/**
 * `GET /time?format=…`: the time in UTC, in a format of Day.js, for those who know `TIME_USER` and `TIME_PASSWORD`.
 * Throws an `EnvironmentError` where these are not set.
 */
export function timeRoutes(env: Environment, now: () => number = Date.now): Routes {
  const user = required(env, 'TIME_USER');
  // A colon ends the name: the rest would count as the password.
  if (user.includes(':')) throw new EnvironmentError('TIME_USER: a colon cannot be part of it');
  const isLetIn = basicAuth(user, required(env, 'TIME_PASSWORD'));
  return {
    '/time': ({ url, headers }) => {
      if (!isLetIn(headers.authorization)) {
        const challenge = { 'www-authenticate': 'Basic realm="time", charset="UTF-8"' };
        return { status: 401, body: 'user and password are wanted\n', headers: challenge };
      }
      const format = url.searchParams.get('format') || ISO;
      if (format.length > MAX_LENGTH)
        return { status: 400, body: `a format has at most ${MAX_LENGTH} characters\n` };
      return { status: 200, body: `${dayjs.utc(now()).format(format)}\n` };
    },
  };
}
