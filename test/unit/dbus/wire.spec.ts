import { Variant, variant } from '../../../service/dbus/variant.ts';
import { Decoder, encode, messageType, type Message } from '../../../service/dbus/wire.ts';

function signal(signature: string, body: unknown[]): Buffer {
    return encode({
        type: messageType.signal,
        flags: 0,
        serial: 7,
        path: '/a',
        interface: 'a.b',
        member: 'C',
        signature,
        body,
    });
}

function decode(...chunks: Buffer[]): { messages: Message[]; malformed: number } {
    const messages: Message[] = [];
    let malformed = 0;
    const decoder = new Decoder(
        message => messages.push(message),
        () => (malformed += 1),
    );
    for (const chunk of chunks) decoder.push(chunk);
    return { messages, malformed };
}

function roundTrip(signature: string, value: unknown): unknown {
    return decode(signal(signature, [value])).messages[0]?.body[0];
}

describe('Messages on the wire', () => {
    it('keep every kind of value', () => {
        const cases: [string, unknown][] = [
            ['y', 255],
            ['b', true],
            ['n', -32768],
            ['q', 65535],
            ['i', -2147483648],
            ['u', 4294967295],
            ['x', -9007199254740991],
            ['t', 18446744073709551615n],
            ['d', 1.5],
            ['s', 'a “text” 🦉'],
            ['s', ''],
            ['o', '/'],
            ['g', 'a{sv}'],
            ['as', []],
            ['at', [1, 2n ** 63n]],
            ['ay', new Uint8Array([0, 255])],
            ['(s(ib))', ['a', [1, false]]],
            ['a(sa{sv})', [['a', {}]]],
            ['a{us}', { 1: 'one' }],
            ['v', variant('v', variant('as', ['deep']))],
            ['a{sv}', { text: variant('s', 'a'), list: variant('aa{sv}', [{ x: variant('t', 1) }]) }],
        ];
        for (const [signature, value] of cases) {
            expect(roundTrip(signature, value)).withContext(signature).toEqual(value);
        }
    });

    it('make own properties of whatever keys a dictionary has', () => {
        const value = roundTrip('a{ss}', JSON.parse('{"__proto__": "a", "constructor": "b"}')) as object;
        expect(Object.entries(value)).toEqual([
            ['__proto__', 'a'],
            ['constructor', 'b'],
        ]);
        expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    });

    it('are not made of values that do not fit their signature, and say which', () => {
        const cases: [string, unknown, RegExp][] = [
            ['s', 1, /value 0 does not fit/],
            ['s', 'a\0b', /value 0 does not fit/],
            ['u', -1, /range/],
            ['u', 1.5, /integer/],
            ['t', 2 ** 60, /value 0 does not fit/],
            ['t', -1, /range/],
            ['b', 1, /value 0 does not fit/],
            ['d', NaN, /number/],
            ['o', 'not/a/path', /value 0 does not fit/],
            ['v', 'bare', /not a variant/],
            ['v', variant('ss', 'a'), /not one type/],
            ['a{sv}', { key: 'bare' }, /value 0\.key is not a variant/],
            ['as', ['a', 2], /value 0\[1\] does not fit/],
            ['(ss)', ['a'], /value 0 does not fit/],
            ['a{ss}', null, /not a dictionary/],
        ];
        for (const [signature, value, reason] of cases) {
            expect(() => signal(signature, [value]))
                .withContext(signature)
                .toThrowError(reason);
        }
        expect(() => signal('ss', ['only one'])).toThrowError(/takes 2 values, not 1/);
    });

    it('arrive in pieces of any size', () => {
        const bytes = Buffer.concat([signal('s', ['first']), signal('as', [['second', 'third']]), signal('', [])]);
        for (const size of [1, 3, 16, 17, bytes.length]) {
            const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
                bytes.subarray(index * size, (index + 1) * size),
            );
            const { messages } = decode(...chunks);
            expect(messages.map(({ body }) => body))
                .withContext(`${size} bytes`)
                .toEqual([['first'], [['second', 'third']], []]);
        }
    });

    it('that are larger than is taken are skipped, with their header kept', () => {
        const large = encode({
            type: messageType.call,
            flags: 0,
            serial: 9,
            path: '/a',
            member: 'C',
            signature: 's',
            body: ['x'.repeat(2_000_000)],
        });
        const bytes = Buffer.concat([large, signal('s', ['after'])]);
        const pieces = [bytes.subarray(0, 20), bytes.subarray(20, 1_000_000), bytes.subarray(1_000_000)];
        for (const chunks of [[bytes], pieces]) {
            const { messages } = decode(...chunks);
            expect(messages.map(({ serial, skipped, body }) => ({ serial, skipped, body }))).toEqual([
                { serial: 9, skipped: true, body: [] },
                { serial: 7, skipped: false, body: ['after'] },
            ]);
        }
    });

    it('that hold more values than are taken are skipped, also where these are inside others', () => {
        const call = (body: unknown[], signature: string) =>
            encode({ type: messageType.call, flags: 0, serial: 9, path: '/a', member: 'C', signature, body });
        const variants = (count: number) => call([Array.from({ length: count }, () => new Variant('y', 1))], 'av');
        const nested = call([Array.from({ length: 100 }, () => Array<number>(200).fill(1))], 'aai');
        const { messages } = decode(variants(200_000), nested, variants(1000), signal('s', ['after']));
        expect(messages.map(({ skipped }) => skipped)).toEqual([true, true, false, false]);
    });

    it('whose inside makes no sense are passed over', () => {
        const broken = signal('s', ['text']);
        // The header field SIGNATURE (8), a variant of type “g”: its value, “s”, becomes a type that does not exist.
        const field = broken.indexOf(Buffer.from('\x08\x01g\0\x01s\0', 'latin1'));
        broken.write('!', field + 5);
        const { messages, malformed } = decode(Buffer.concat([broken, signal('s', ['after'])]));
        expect(malformed).toBe(1);
        expect(messages.map(({ body }) => body)).toEqual([['after']]);
    });

    it('end with the stream when that is no D-Bus, or absurdly large', () => {
        expect(() => decode(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrowError(/not D-Bus/);
        const absurd = signal('s', ['text']);
        absurd.writeUInt32LE(0xffffffff, 4);
        expect(() => decode(absurd)).toThrowError(/4294967295 bytes/);
    });
});
