import { afterEach, describe, expect, it } from 'vitest';
import { createAwsClients } from '../../src/aws/aws-clients.ts';
import { route53Api } from '../../src/route53/route53-api.ts';
import { accessTo, startService } from './support.ts';

let stop = (): Promise<void> => Promise.resolve();
afterEach(() => stop());

const recordSet = { Name: 'a.example.', Type: 'A', TTL: 0, ResourceRecords: [{ Value: '10.0.0.1' }] };

/** The error that a change ends with when Route 53 answers this. */
async function errorFor(status: number, body: string): Promise<unknown> {
  const service = await startService([{ status, body }]);
  const clients = createAwsClients(accessTo(service.endpoint));
  stop = async () => {
    clients.destroy();
    await service.stop();
  };
  const api = route53Api(clients.route53, clients.route53Changes);
  return api.changeRecordSets('Z1', [{ action: 'DELETE', recordSet }]).then(
    () => undefined,
    (error: unknown) => error,
  );
}

const NAMESPACE = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';
const GONE =
  'Tried to delete resource record set [name=&apos;a.&apos;, type=&apos;A&apos;] but it was not found';
const EXISTS = 'RRSet with DNS name b., type A &amp; more cannot be created';

function modelled(...messages: readonly string[]): string {
  const list = messages.map((message) => `<Message>${message}</Message>`).join('');
  return `<?xml version="1.0"?>\n<InvalidChangeBatch ${NAMESPACE}><Messages>${list}</Messages><RequestId>r-1</RequestId></InvalidChangeBatch>`;
}

function generic(code: string, message: string): string {
  return `<?xml version="1.0"?>\n<ErrorResponse ${NAMESPACE}><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`;
}

describe('the error of a rejected batch', () => {
  it.each<[string, number, string, object]>([
    [
      'has its name and its text in the form of the API reference',
      400,
      modelled(GONE),
      {
        name: 'InvalidChangeBatch',
        message: "[Tried to delete resource record set [name='a.', type='A'] but it was not found]",
      },
    ],
    [
      'has all texts of several',
      400,
      modelled(GONE, EXISTS),
      {
        name: 'InvalidChangeBatch',
        message:
          "[Tried to delete resource record set [name='a.', type='A'] but it was not found, RRSet with DNS name b., type A & more cannot be created]",
      },
    ],
    ['has its name without any text', 400, modelled(), { name: 'InvalidChangeBatch', message: '[]' }],
    [
      'keeps its name and its text in the generic form',
      400,
      generic('InvalidChangeBatch', `[${GONE}]`),
      {
        name: 'InvalidChangeBatch',
        message: "[Tried to delete resource record set [name='a.', type='A'] but it was not found]",
      },
    ],
    [
      'is no other error that has the same status',
      400,
      generic('Throttling', 'Rate exceeded'),
      { name: 'Throttling', message: 'Rate exceeded' },
    ],
    [
      'is no error of another status',
      403,
      generic('AccessDenied', 'not you'),
      { name: 'AccessDenied', message: 'not you' },
    ],
  ])('%s', async (_, status, body, error) => {
    expect(await errorFor(status, body)).toMatchObject({ ...error, $metadata: { httpStatusCode: status } });
  });

  it('is none for a batch that is carried out', async () => {
    const change = '<ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status></ChangeInfo>';
    const answer = `<ChangeResourceRecordSetsResponse ${NAMESPACE}>${change}</ChangeResourceRecordSetsResponse>`;
    expect(await errorFor(200, answer)).toBeUndefined();
  });
});
