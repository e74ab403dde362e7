export type { Intercept, LoggedRequest, Reply, SandboxRequest } from './answer.ts';
export { type NameServer, type NameServerOptions, openNameServer } from './dns/open-name-server.ts';
export { AwsError } from './error-answer.ts';
export { type ServedContainers, startContainers } from './fleet/containers.ts';
export { type Fleet, type FleetOptions, generateFleet } from './fleet/generate-fleet.ts';
export type { RunningContainers } from './fleet/running-containers.ts';
export { type OpenSandbox, type OpenSandboxOptions, openSandbox, type SandboxSize } from './open-sandbox.ts';
export { type SandboxOptions, type SandboxServer, startSandboxServer } from './server.ts';
export { createWorld, type World } from './world/world.ts';
