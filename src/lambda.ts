import process from 'node:process';
import { createHandler } from './lambda/handler.ts';

/** What Lambda calls: one run of the worker that the function's `ECS_DNS_*` variables describe. */
export const handler = createHandler({ env: process.env });
