import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leanAnswers } from '../../src/aws/lean-answers.ts';
import { leanRecordSets } from '../../src/aws/lean-record-sets.ts';
import { accessTo, startService } from './support.ts';

let stopAll: (() => unknown)[] = [];
beforeEach(() => {
  stopAll = [];
});
afterEach(async () => {
  for (const stop of stopAll) await stop();
});

/** What the SDK makes of an answer, by itself and with the lean reader. */
async function readBoth(body: string) {
  const { endpoint, stop } = await startService([{ status: 200, body }]);
  const clients = [new Route53Client(accessTo(endpoint)), new Route53Client(accessTo(endpoint))] as const;
  const [plain, lean] = clients;
  stopAll.push(() => clients.map((client) => client.destroy()), stop);
  lean.middlewareStack.use(leanAnswers({ ListResourceRecordSetsCommand: leanRecordSets }));
  const read = async (client: Route53Client) => {
    const { $metadata: _, ...answer } = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: 'Z1' }),
    );
    return answer;
  };
  return { plain: await read(plain), lean: await read(lean) };
}

const SIMPLE = recordSet('a.example.', 'A', '<TTL>60</TTL>', ['10.0.0.1', '10.0.0.2']);
const WEIGHTED = recordSet(
  '_calc._tcp.example.',
  'SRV',
  '<SetIdentifier>ip-10-0-0-1.ec2.internal:0123456789ab</SetIdentifier><Weight>1</Weight><TTL>0</TTL>',
  ['1 1 32768 ip-10-0-0-1.example.'],
);
const ALIAS =
  '<ResourceRecordSet><Name>b.example.</Name><Type>A</Type><AliasTarget><HostedZoneId>Z2</HostedZoneId><DNSName>c.example.</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget></ResourceRecordSet>';

function recordSet(name: string, type: string, fields: string, values: readonly string[]): string {
  const records = values.map((value) => `<ResourceRecord><Value>${value}</Value></ResourceRecord>`).join('');
  return `<ResourceRecordSet><Name>${name}</Name><Type>${type}</Type>${fields}<ResourceRecords>${records}</ResourceRecords></ResourceRecordSet>`;
}

const END = '<IsTruncated>false</IsTruncated><MaxItems>300</MaxItems>';
const MORE =
  '<IsTruncated>true</IsTruncated><NextRecordName>a.example.</NextRecordName><NextRecordType>SRV</NextRecordType><NextRecordIdentifier>x:1</NextRecordIdentifier><MaxItems>300</MaxItems>';

function page(
  sets: readonly string[],
  rest = END,
  declaration = '<?xml version="1.0" encoding="UTF-8"?>\n',
): string {
  return `${declaration}<ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ResourceRecordSets>${sets.join('')}</ResourceRecordSets>${rest}</ListResourceRecordSetsResponse>`;
}

const USUAL: readonly (readonly [string, string])[] = [
  ['simple and weighted sets', page([SIMPLE, WEIGHTED])],
  ['a page with another after it', page([WEIGHTED], MORE)],
  ['a page with another after it, of a simple set', page([SIMPLE], MORE.replace(/<NextRecordId.*fier>/, ''))],
  ['no declaration', page([SIMPLE], END, '')],
  ['blanks between the elements', page([SIMPLE, WEIGHTED]).replaceAll('><', '>\n  <')],
  [
    'a text with the five entities',
    page([recordSet('t.example.', 'TXT', '<TTL>1</TTL>', ['&quot;a&amp;b&quot; &lt;&apos;&gt;'])]),
  ],
  ['names with octal escapes', page([recordSet('\\052.example.', 'A', '<TTL>1</TTL>', ['10.0.0.1'])])],
  ['a text outside ASCII', page([recordSet('t.example.', 'TXT', '<TTL>1</TTL>', ['"grüße 🙂"'])])],
];

const UNUSUAL: readonly (readonly [string, string])[] = [
  ['an alias set', page([SIMPLE, ALIAS])],
  [
    'a set with a health check',
    page([SIMPLE.replace('</ResourceRecords>', '</ResourceRecords><HealthCheckId>h</HealthCheckId>')]),
  ],
  ['a set with a region', page([WEIGHTED.replace('<Weight>1</Weight>', '<Region>eu-west-1</Region>')])],
  ['a set without values', page([SIMPLE.replace(/<ResourceRecords>.*<\/ResourceRecords>/, '')])],
  [
    'fields in another order',
    page([SIMPLE.replace(/(<TTL>.*<\/TTL>)(<ResourceRecords>.*<\/ResourceRecords>)/, '$2$1')]),
  ],
  ['an empty value', page([recordSet('t.example.', 'TXT', '<TTL>1</TTL>', [''])])],
  ['a value with blanks around it', page([recordSet('t.example.', 'TXT', '<TTL>1</TTL>', [' a '])])],
  ['a value over two lines', page([recordSet('t.example.', 'TXT', '<TTL>1</TTL>', ['a\nb'])])],
  ['a character reference', page([recordSet('t.example.', 'TXT', '<TTL>1</TTL>', ['a&#65;b'])])],
  ['a comment', page([SIMPLE]).replace('<IsTruncated>', '<!-- so far --><IsTruncated>')],
  ['a text in CDATA', page([recordSet('t.example.', 'TXT', '<TTL>1</TTL>', ['<![CDATA[a]]>'])])],
  ['an attribute', page([SIMPLE]).replace('<ResourceRecordSets>', '<ResourceRecordSets a="1">')],
  ['an element that nobody knows', page([SIMPLE], `${END}<New>1</New>`)],
  ['no sets', page([]).replace('<ResourceRecordSets></ResourceRecordSets>', '<ResourceRecordSets/>')],
  ['another declaration', page([SIMPLE], END, '<?xml version="1.0"?>')],
];

describe('an answer of ListResourceRecordSets', () => {
  it.each(USUAL)('with %s is read by the lean reader, and as the SDK reads it', async (_, body) => {
    expect(leanRecordSets(Buffer.from(body))).toBeDefined();
    const { plain, lean } = await readBoth(body);
    expect(lean).toEqual(plain);
    // As text, because the order of the fields is the order of the report.
    expect(JSON.stringify(lean.ResourceRecordSets)).toBe(JSON.stringify(plain.ResourceRecordSets));
  });

  it.each(UNUSUAL)('with %s is left to the SDK', async (_, body) => {
    expect(leanRecordSets(Buffer.from(body))).toBeUndefined();
    const { plain, lean } = await readBoth(body);
    expect(lean).toEqual(plain);
  });

  it.each([
    ['is cut off', page([SIMPLE, WEIGHTED]).slice(0, -40)],
    ['has more behind its end', `${page([SIMPLE])}<more/>`],
    ['says twice whether it is the last', page([SIMPLE], END + END)],
    ['does not say whether it is the last', page([SIMPLE], '<MaxItems>300</MaxItems>')],
    ['is another', '<GetHostedZoneResponse></GetHostedZoneResponse>'],
    ['only begins like it', page([SIMPLE]).replace('SetsResponse ', 'SetsResponses ')],
    ['has a TTL that is no number', page([SIMPLE.replace('60', 'sixty')])],
    ['has a flag that is none', page([SIMPLE], END.replace('false', 'no'))],
    ['is empty', ''],
  ])('that %s is left to the SDK', (_, body) => {
    expect(leanRecordSets(Buffer.from(body))).toBeUndefined();
  });

  it('that is a success with half a body fails as it would without the lean reader', async () => {
    const error = await readBoth(page([SIMPLE]).slice(0, -40)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });

  it('gives back every text that it was made from, or is left to the SDK', () => {
    const escaped = (text: string) =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1 }), (values) => {
        const body = page([recordSet('t.example.', 'TXT', '<TTL>1</TTL>', values.map(escaped))]);
        const read = leanRecordSets(Buffer.from(body));
        if (read === undefined) return;
        expect(read).toMatchObject({
          ResourceRecordSets: [{ ResourceRecords: values.map((Value) => ({ Value })) }],
        });
      }),
    );
  });
});
