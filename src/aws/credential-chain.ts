import process from 'node:process';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { oneLine } from '../model/one-line.ts';

type Chain = ReturnType<typeof defaultProvider>;

/** The mark of an error that the chain goes on from. */
const GOES_ON = '@smithy/property-provider -> ';
/** Ways that were not set up at all: they say nothing of the one that failed. */
const NOT_SET_UP =
  /^(?:AWS_PROFILE is set, skipping|Unable to find environment variable|Skipping SSO provider|Could not resolve credentials using profile|Profile .* could not be found|Web identity configuration not|EC2 Instance Metadata Service access disabled)/;
const MAX_SHOWN = 300;

/**
 * The SDK's own chain. Where no way leads to credentials, the SDK says just that: here the error also says what the
 * ways that were set up had failed of, such as the last words of a `credential_process`.
 */
export function credentialChain(init: Parameters<typeof defaultProvider>[0] = {}): Chain {
  const said: string[] = [];
  const provide = defaultProvider({
    ...init,
    logger: {
      debug: (text: unknown) => void said.push(String(text)),
      info: () => {},
      warn: (text: unknown) => process.emitWarning(oneLine(text)),
      error: () => {},
    },
  });
  return async (properties) => {
    said.length = 0;
    try {
      return await provide(properties);
    } catch (error) {
      throw withReasons(error, said);
    }
  };
}

function withReasons(error: unknown, said: readonly string[]): unknown {
  const reasons = said
    .filter((text) => text.startsWith(GOES_ON))
    .map((text) => oneLine(text.slice(GOES_ON.length)))
    .filter((text) => !NOT_SET_UP.test(text));
  if (!(error instanceof Error) || reasons.length === 0) return error;
  const shown = [...new Set(reasons)].map((text) =>
    text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text,
  );
  const told = new Error(`${error.message}: ${shown.join('; ')}`, { cause: error });
  return Object.assign(told, { name: error.name });
}
