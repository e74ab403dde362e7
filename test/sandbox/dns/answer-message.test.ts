import type { RecordType } from 'dns-packet';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { answerMessage, type Transport } from '../../../src/sandbox/dns/answer-message.ts';
import { viewOf } from '../../../src/sandbox/dns/world-view.ts';
import type { HostedZone } from '../../../src/sandbox/world/hosted-zone.ts';
import { Random } from '../../../src/sandbox/world/random.ts';
import { createWorld, type World } from '../../../src/sandbox/world/world.ts';
import { edns, plant, questionBytes, readMessage } from './support.ts';

let world: World;
let zone: HostedZone;

beforeEach(() => {
  world = createWorld();
  zone = world.addHostedZone({ name: 'example', private: true });
});

function answerBytes(message: Buffer, transport: Transport = 'udp'): Buffer {
  const reply = answerMessage(viewOf(world, 'vpc'), new Random(1), message, transport);
  if (reply === undefined) throw new TypeError('no answer');
  return reply;
}

function answer(message: Buffer, transport: Transport = 'udp') {
  return readMessage(answerBytes(message, transport));
}

function questionFor(name: string, type: RecordType = 'A'): Buffer {
  return questionBytes({ name, type });
}

/** A question in bytes, its name given label by label. */
function rawQuestion(...labels: readonly Buffer[]): Buffer {
  const header = Buffer.from('126701000001000000000000', 'hex');
  const name = labels.flatMap((label) => [Buffer.of(label.length), label]);
  return Buffer.concat([header, ...name, Buffer.from('0000010001', 'hex')]);
}

describe('the answer to a question', () => {
  test('has its id and its name as it was written, and says that the server asks others', () => {
    plant(zone, ['orders 7 A 10.0.0.1']);
    const { id, rcode, questions, answers, flag_qr, flag_rd, flag_ra, flag_aa } = answer(
      questionFor('OrDeRs.Example'),
    );
    expect({ id, rcode, flag_qr, flag_rd, flag_ra, flag_aa }).toEqual({
      id: 4711,
      rcode: 'NOERROR',
      flag_qr: true,
      flag_rd: true,
      flag_ra: true,
      flag_aa: false,
    });
    expect(questions).toEqual([{ name: 'OrDeRs.Example', type: 'A', class: 'IN' }]);
    expect(answers).toEqual([expect.objectContaining({ name: 'OrDeRs.Example', ttl: 7, data: '10.0.0.1' })]);
  });

  test('is authoritative outside of the VPC, where no others are asked', () => {
    plant(world.addHostedZone({ name: 'example' }), ['orders 7 A 192.0.2.1']);
    const reply = answerMessage(viewOf(world, 'public'), new Random(1), questionFor('orders.example'), 'udp');
    expect(readMessage(reply ?? Buffer.alloc(0))).toMatchObject({ flag_aa: true, flag_ra: false });
  });

  test.each([
    ['a blank', Buffer.from('a b'), 'a\\040b'],
    ['an asterisk', Buffer.from('*'), '\\052'],
    ['a dot', Buffer.from('a.b'), 'a\\056b'],
    ['a byte of no text', Buffer.of(0xff, 0x00, 0xe4), '\\377\\000\\344'],
    ['a backslash', Buffer.from('\\'), '\\134'],
  ])('comes for a name with %s, which it repeats byte for byte', (_, label, stored) => {
    plant(zone, [`${stored} 60 A 10.0.0.1`, 'ab 60 A 10.0.0.2']);
    const question = rawQuestion(label, Buffer.from('EXAMPLE'));
    const reply = answerBytes(question);
    const name = question.subarray(12);
    expect(reply.subarray(12, 12 + name.length)).toEqual(name);
    // A pointer to the name, type and class, the TTL, and four bytes of data.
    const record = Buffer.from('c00c000100010000003c00040a000001', 'hex');
    expect(reply.subarray(12 + name.length)).toEqual(record);
  });

  test('has names of any bytes in its data too', () => {
    plant(zone, ['www 60 CNAME a\\056b\\344.else.']);
    const reply = answerBytes(questionFor('www.example'));
    expect(reply.includes(Buffer.from('\x04a.b\xe4\x04else\x00', 'latin1'))).toBe(true);
  });

  test.each([
    ['a label of 64 bytes', `${'x'.repeat(64)}.else.`],
    ['more than 255 bytes', `${'x'.repeat(60)}.`.repeat(5)],
    ['an empty label', 'a..b.'],
  ])('fails for a target with %s', (_, target) => {
    plant(zone, [`www 60 CNAME ${target}`]);
    expect(answer(questionFor('www.example'))).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
  });

  test('has a name of 63 bytes a label and 255 in all', () => {
    const name = [63, 63, 63, 61].map((length) => 'x'.repeat(length)).join('.');
    const whole = world.addHostedZone({ name: 'x'.repeat(61), private: true });
    whole.put({ Name: name, Type: 'A', TTL: 1, ResourceRecords: [{ Value: '10.0.0.1' }] });
    expect(answer(questionFor(name)).answers).toHaveLength(1);
  });

  test.each([
    ['SVCB', '1 target.'],
    ['SRV', '1 1 65536 host.example'],
    ['A', '10.0.0.256'],
    ['TXT', `"${'x'.repeat(256)}"`],
    ['SSHFP', '1 1 abc'],
    ['DS', '1 1 1 xyz'],
    ['CAA', '256 issue "ca"'],
  ])('fails for a record of type %s that has no form in bytes: %s', (type, value) => {
    plant(zone, [`www 60 ${type} ${value}`]);
    expect(answer(questionFor('www.example', 'ANY' as RecordType))).toMatchObject({
      rcode: 'SERVFAIL',
      answers: [],
    });
  });
});

describe('what is no question that is answered', () => {
  const changed = (flags: number) => questionBytes({ name: 'a.example', type: 'A' }, { flags });
  const withClass = (number: number) => {
    const message = questionFor('a.example');
    message.writeUInt16BE(number, message.length - 2);
    return message;
  };

  test.each([
    ['another operation', changed(4 << 11), 'NOTIMP'],
    ['an operation that there is not', changed(14 << 11), 'NOTIMP'],
    ['a transfer of the zone', questionFor('example', 'AXFR'), 'NOTIMP'],
    ['a part of the zone', questionFor('example', 'IXFR'), 'NOTIMP'],
    ['another class', questionBytes({ name: 'version.bind', type: 'TXT', class: 'CH' }), 'REFUSED'],
    ['a class that there is not', withClass(77), 'REFUSED'],
    ['any class', questionBytes({ name: 'a.example', type: 'A', class: 'ANY' }), 'REFUSED'],
    [
      'two questions',
      questionBytes(
        { name: 'a.example', type: 'A' },
        { questions: [0, 1].map(() => ({ name: 'a', type: 'A' })) },
      ),
      'FORMERR',
    ],
    ['no question', questionBytes({ name: 'a', type: 'A' }, { questions: [] }), 'FORMERR'],
    ['a name that does not end', questionFor('a.example').subarray(0, 18), 'FORMERR'],
    ['a name that points at itself', Buffer.from('126701000001000000000000c00c00010001', 'hex'), 'FORMERR'],
    ['two records of EDNS', questionBytes({ name: 'a', type: 'A' }, twice(edns(512))), 'FORMERR'],
  ])('%s', (_, message, rcode) => {
    const reply = answer(message);
    expect(reply).toMatchObject({ rcode, answers: [], flag_qr: true, id: message.readUInt16BE(0) });
    expect((reply.flags ?? 0) & 0x7800).toBe(message.readUInt16BE(2) & 0x7800);
  });

  test('EDNS of another version', () => {
    const { rcode, additionals } = answer(questionBytes({ name: 'a.example', type: 'A' }, edns(1232, 1)));
    // The code is 16: its upper bits are in the record of EDNS.
    expect(rcode).toBe('NOERROR');
    expect(additionals).toEqual([expect.objectContaining({ type: 'OPT', extendedRcode: 1, ednsVersion: 0 })]);
  });

  test.each([
    ['less than a header', Buffer.alloc(11)],
    ['nothing', Buffer.alloc(0)],
    ['an answer', questionBytes({ name: 'a', type: 'A' }, { type: 'response' })],
  ])('%s gets none', (_, message) => {
    expect(answerMessage(viewOf(world, 'vpc'), new Random(1), message, 'udp')).toBeUndefined();
  });

  function twice({ additionals = [] }: ReturnType<typeof edns>) {
    return { additionals: [...additionals, ...additionals] };
  }
});

describe('the length of an answer', () => {
  const hosts = (count: number) => Array.from({ length: count }, (_, i) => `1 1 80 host-${i}.example`);
  const question = (size?: number) =>
    questionBytes({ name: '_a._tcp.example', type: 'SRV' }, size === undefined ? {} : edns(size));

  test.each([
    { size: undefined, most: 512 },
    { size: 100, most: 512 },
    { size: 512, most: 512 },
    { size: 1232, most: 1232 },
    { size: 65_535, most: 4096 },
  ])('is $most bytes over UDP at the most for a client that takes $size', ({ size, most }) => {
    for (const count of [1, 5, 10, 20, 40, 80, 160]) {
      plant(zone, [`_a._tcp 0 SRV ${hosts(count).join(' | ')}`]);
      const bytes = answerBytes(question(size));
      const { flag_tc, answers = [] } = readMessage(bytes);
      const isWhole = answers.length === count;
      expect(bytes.length).toBeLessThanOrEqual(most);
      expect(flag_tc).toBe(!isWhole);
      if (!isWhole) expect(answerBytes(question(size), 'tcp').length).toBeGreaterThan(most);
    }
  });

  test('has eight entries of a service in 512 bytes', () => {
    plant(zone, [`_a._tcp 0 SRV ${hosts(8).join(' | ')}`]);
    expect(answer(question())).toMatchObject({ flag_tc: false });
  });

  test('is made less by additional records first, which are not missed', () => {
    plant(zone, [
      `_a._tcp 0 SRV ${hosts(8).join(' | ')}`,
      ...hosts(8).map((_, i) => `host-${i} 60 A 10.0.0.${i}`),
    ]);
    const { flag_tc, answers, additionals = [] } = answer(question());
    expect({ flag_tc, answers: answers?.length }).toEqual({ flag_tc: false, answers: 8 });
    expect(additionals.length).toBeLessThan(8);
    expect(additionals.length).toBeGreaterThan(0);
    expect(answer(question(), 'tcp').additionals).toHaveLength(8);
    expect(answer(question(4096)).additionals).toHaveLength(9);
  });

  test('is bounded over TCP too', () => {
    const values = Array.from({ length: 400 }, (_, i) => `"${i}${'x'.repeat(250)}"`);
    plant(zone, [`a 0 TXT ${values.join(' | ')}`]);
    const bytes = answerBytes(questionFor('a.example', 'TXT'), 'tcp');
    expect(bytes.length).toBeLessThan(65_536);
    expect(readMessage(bytes)).toMatchObject({ flag_tc: true, answers: [] });
  });
});

describe('whatever comes', () => {
  const label = fc.uint8Array({ minLength: 1, maxLength: 63 }).map((bytes) => Buffer.from(bytes));

  test('is answered, or not, and never throws', () => {
    plant(zone, ['a 60 A 10.0.0.1']);
    const view = viewOf(world, 'vpc');
    const valid = questionBytes({ name: 'a.example', type: 'ANY' as RecordType }, edns(1232));
    const mutated = fc
      .array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 8 })
      .map((changes) => {
        const message = Buffer.from(valid);
        for (const [at, byte] of changes) message[at] = byte;
        return message;
      });
    const cut = fc.nat(valid.length).map((length) => valid.subarray(0, length));
    const noise = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
    const header = noise.map((bytes) => Buffer.concat([valid.subarray(0, 12), bytes]));
    fc.assert(
      fc.property(fc.oneof(mutated, cut, noise, header), (message) => {
        const reply = answerMessage(view, new Random(1), message, 'udp');
        if (reply === undefined) return;
        expect(reply.subarray(0, 2)).toEqual(message.subarray(0, 2));
        expect(reply.length).toBeLessThanOrEqual(4096);
        readMessage(reply);
      }),
      { numRuns: 3000 },
    );
  });

  test('no value of a set is too strange to be asked for', () => {
    const words = fc.constantFrom(
      '',
      ' ',
      '"',
      '\\',
      '1',
      '65536',
      '-1',
      'a',
      '.',
      '..',
      'host.example',
      '\\400',
      'é',
    );
    const value = fc.oneof(
      fc.array(words, { maxLength: 9 }).map((all) => all.join(' ')),
      fc.string(),
    );
    const type = fc.constantFrom(
      ...'A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT'.split(' '),
    );
    fc.assert(
      fc.property(type, value, fc.constantFrom('strange', '@'), (Type, Value, at) => {
        const Name = at === '@' ? zone.name : `${at}.${zone.name}`;
        zone.put({ Name, Type, TTL: 1, ResourceRecords: [{ Value }] });
        for (const asked of [Type, 'ANY', 'A'])
          readMessage(answerBytes(questionFor(Name, asked as RecordType), 'tcp'));
        zone.delete({ Name, Type });
      }),
      { numRuns: 2000 },
    );
  });

  test('any name and type comes back byte for byte', () => {
    fc.assert(
      fc.property(fc.array(label, { maxLength: 3 }), fc.nat(65_535), (labels, type) => {
        const question = rawQuestion(...labels);
        question.writeUInt16BE(type, question.length - 4);
        expect(answerBytes(question).subarray(12)).toEqual(question.subarray(12));
      }),
      { numRuns: 1000 },
    );
  });
});
