/** A port of a container as the engine binds it on its host; both are text, and empty where nothing is bound. */
export interface PortBinding {
  readonly HostIp?: string;
  readonly HostPort?: string;
}

type PortMap = Readonly<Record<string, readonly PortBinding[] | null | undefined>>;

/**
 * What the agent uses of `GET /containers/ID/json`; an engine may leave out any of it.
 * Source: Docker Engine API, "Inspect a container".
 */
export interface Inspection {
  readonly Id?: string;
  readonly Name?: string;
  readonly State?: {
    readonly Running?: boolean;
    readonly Restarting?: boolean;
    readonly StartedAt?: string;
    readonly Health?: { readonly Status?: string } | null;
  };
  readonly Config?: {
    readonly Env?: readonly string[] | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  };
  readonly HostConfig?: { readonly NetworkMode?: string; readonly PortBindings?: PortMap | null };
  readonly NetworkSettings?: { readonly Ports?: PortMap | null };
}

/** Something that happened to a container. */
export interface EngineEvent {
  readonly action: 'start' | 'die' | 'health';
  readonly containerId: string;
  /** What it says of the container's health; podman tells of it after every check. */
  readonly health?: string | undefined;
}

/** What the agent asks of a container engine: one request a call. All reject when the engine cannot be asked. */
export interface EngineApi {
  /** The full ids of the containers that run. */
  listRunning(signal: AbortSignal | undefined): Promise<readonly string[]>;
  /** `undefined` for a container that is not there. */
  inspect(containerId: string, signal: AbortSignal | undefined): Promise<Inspection | undefined>;
  /** Begins to listen; the events end when the engine ends them, or the signal aborts. */
  events(signal: AbortSignal): Promise<AsyncIterable<EngineEvent>>;
}
