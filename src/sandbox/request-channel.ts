import { channel } from 'node:diagnostics_channel';

/** Every request that any sandbox of this process answers, as its log has it. */
export const REQUESTS = channel('ecs-dns:sandbox-requests');
