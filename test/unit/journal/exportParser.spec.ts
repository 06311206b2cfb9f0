import { ExportParser, NotAnExport, valueLimit } from '../../../service/journal/exportParser.ts';

const names = ['__CURSOR', 'MESSAGE', '_PID', 'UNIT'];

function binary(name: string, value: Buffer): Buffer {
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(value.length));
    return Buffer.concat([Buffer.from(`${name}\n`), size, value, Buffer.from('\n')]);
}

function parse(chunks: Iterable<Buffer>): { entries: (string | null)[][]; malformed: number; clean: boolean } {
    const entries: (string | null)[][] = [];
    const parser = new ExportParser(names, entry => {
        const values = names.map((_name, field) => entry.latin1(field));
        expect(names.map((_name, field) => entry.bytes(field)?.toString('latin1') ?? null)).toEqual(values);
        entries.push(values);
    });
    for (const chunk of chunks) parser.push(chunk);
    const clean = parser.end();
    return { entries, malformed: parser.malformed, clean };
}

function* pieces(input: Buffer, sizes: () => number): Iterable<Buffer> {
    let position = 0;
    while (position < input.length) {
        const size = sizes();
        // Reused by the reader of a pipe, so what is kept must be copied.
        const chunk = Buffer.from(input.subarray(position, position + size));
        yield chunk;
        chunk.fill(0x58);
        position += size;
    }
}

/** mulberry32, so that a failure can be repeated from its seed. */
function random(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let value = Math.imul(state ^ (state >>> 15), 1 | state);
        value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
        return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
    };
}

describe('ExportParser', () => {
    it('reads fields in any order, whichever names and values were there before', () => {
        const next = random(7);
        const pick = (texts: readonly string[]) => texts[Math.floor(next() * texts.length)] ?? '';
        const others = Array.from({ length: 300 }, (_unused, index) => `_OTHER_${index}`);
        const similar = ['MESSAGE_ID', 'MESSAG', 'UNIT_RESULT', '_PI', '_PID_', '__CURSO'];
        const texts = [
            '',
            '1',
            '12',
            '21',
            'ab.service',
            'ac.service',
            'bb.service',
            'a value of more than 32 characters in all',
        ];
        const written: (string | null)[][] = [];
        const lines: string[] = [];
        for (let number = 0; number < 2000; number++) {
            const values = new Map(names.filter(() => next() < 0.7).map(name => [name, pick(texts)] as const));
            const fields = [...values, ['X', pick(texts)], [pick(others), pick(texts)], [pick(similar), pick(texts)]]
                .map(([name, text]) => ({ text: `${name}=${text}\n`, place: next() }))
                .toSorted((one, other) => one.place - other.place);
            written.push(names.map(name => values.get(name) ?? null));
            lines.push(`${fields.map(({ text }) => text).join('')}\n`);
        }
        expect(parse([Buffer.from(lines.join(''))])).toEqual({ entries: written, malformed: 0, clean: true });
    });

    it('reads text and binary fields', () => {
        const input = Buffer.concat([
            Buffer.from('__CURSOR=s=1;i=2\nMESSAGE=a=b\n_PID=1\nOTHER=x\n\n__CURSOR=c\n'),
            binary('MESSAGE', Buffer.from('two\n\nlines=\x00\xff', 'latin1')),
            binary('OTHER', Buffer.from('\n\n__CURSOR=forged\n\n')),
            Buffer.from('UNIT=\n\n'),
        ]);
        expect(parse([input])).toEqual({
            entries: [
                ['s=1;i=2', 'a=b', '1', null],
                ['c', 'two\n\nlines=\x00\xff', null, ''],
            ],
            malformed: 0,
            clean: true,
        });
    });

    it('reads the same whatever pieces the stream comes in', () => {
        for (let seed = 1; seed <= 200; seed++) {
            const next = random(seed);
            const integer = (below: number) => Math.floor(next() * below);
            const expected: (string | null)[][] = [];
            const parts: Buffer[] = [];
            for (let entry = 0; entry < 1 + integer(8); entry++) {
                const values: (string | null)[] = names.map(() => null);
                parts.push(Buffer.from(`__MONOTONIC_TIMESTAMP=${integer(1000)}\n`));
                for (const [field, name] of names.entries()) {
                    if (next() < 0.3) continue;
                    const value = Buffer.from(Array.from({ length: integer(60) }, () => integer(256)));
                    const text = next() < 0.5 && !value.includes(0x0a);
                    parts.push(
                        text ? Buffer.concat([Buffer.from(`${name}=`), value, Buffer.from('\n')]) : binary(name, value),
                    );
                    values[field] = value.toString('latin1');
                    if (next() < 0.2) parts.push(Buffer.from(`${name}=a second value\n`));
                }
                parts.push(Buffer.from('\n'));
                expected.push(values);
            }
            const { entries, malformed } = parse(pieces(Buffer.concat(parts), () => 1 + integer(40)));
            expect(entries).withContext(`seed ${seed}`).toEqual(expected);
            expect(malformed).withContext(`seed ${seed}`).toBe(0);
        }
    });

    it('cuts large values and reads on behind them', () => {
        const large = Buffer.alloc(3 * valueLimit, 'abc\n');
        const input = Buffer.concat([
            Buffer.from('_PID=1\n'),
            binary('MESSAGE', large),
            Buffer.from(`UNIT=${'u'.repeat(3 * valueLimit)}\n__CURSOR=c\n\n_PID=2\n\n`),
        ]);
        for (const size of [1000, 65536, 1_000_000]) {
            const { entries } = parse(pieces(input, () => size));
            expect(entries.length).toBe(2);
            expect(entries[0]?.[0]).toBe('c');
            expect(entries[0]?.[1]).toBe(large.toString('latin1', 0, valueLimit));
            expect(entries[0]?.[3]).toBe('u'.repeat(valueLimit));
            expect(entries[1]?.[2]).toBe('2');
        }
    });

    it('keeps the first value of a field that occurs twice, also where a large one follows', () => {
        const twice = `MESSAGE=first\nMESSAGE=${'x'.repeat(2 * valueLimit)}\nMESSAGE=third\n\nUNIT=u\n\n`;
        const { entries } = parse(pieces(Buffer.from(twice), () => 100_000));
        expect(entries.map(([, message]) => message)).toEqual(['first', null]);
    });

    it('does not gather a huge message in memory', () => {
        const pids: (string | null)[] = [];
        const parser = new ExportParser(['_PID', 'MESSAGE'], entry => pids.push(entry.latin1(0)));
        const size = Buffer.alloc(8);
        size.writeBigUInt64LE(BigInt(512 * 1024 * 1024));
        parser.push(Buffer.concat([Buffer.from('MESSAGE\n'), size]));
        const megabyte = Buffer.alloc(1024 * 1024, 'x');
        let highest = 0;
        for (let i = 0; i < 512; i++) {
            parser.push(megabyte);
            highest = Math.max(highest, process.memoryUsage().external);
        }
        parser.push(Buffer.from('\n_PID=7\n\n'));
        expect(pids).toEqual(['7']);
        expect(highest).toBeLessThan(process.memoryUsage().external + 64 * 1024 * 1024);
    });

    it('goes on with the next entry after a malformed one', () => {
        const start = Buffer.from('_PID=1\n\n');
        const end = Buffer.from('\n_PID=2\n\n');
        const broken = [
            Buffer.from('no field at all\n'),
            Buffer.from('=value\n'),
            Buffer.from(`${'N'.repeat(100)}=x\n`),
            Buffer.concat([Buffer.from('MESSAGE\n'), Buffer.alloc(8, 0xff), Buffer.from('x\n')]),
            Buffer.concat([binary('MESSAGE', Buffer.from('short')).subarray(0, -1), Buffer.from('longer than said\n')]),
        ];
        for (const part of broken) {
            for (const size of [1, 7, 4096]) {
                const { entries, malformed } = parse(pieces(Buffer.concat([start, part, end]), () => size));
                expect(entries.map(entry => entry[2]))
                    .withContext(part.toString())
                    .toEqual(['1', '2']);
                expect(malformed).toBe(1);
            }
        }
    });

    it('takes a last entry that no empty line follows, and says when one is cut off', () => {
        expect(parse([Buffer.from('_PID=1\n\n_PID=2\n')])).toEqual(
            jasmine.objectContaining({
                entries: [
                    [null, null, '1', null],
                    [null, null, '2', null],
                ],
                clean: true,
            }),
        );
        expect(parse([Buffer.from('_PID=1\n\n_PID=2')])).toEqual(
            jasmine.objectContaining({ entries: [[null, null, '1', null]], clean: false }),
        );
        expect(parse([])).toEqual({ entries: [], malformed: 0, clean: true });
    });

    it('refuses what is no journal export', () => {
        for (const text of [
            'Nov 21 02:00:00 host systemd[1]: hello\n',
            '{"MESSAGE":"json"}\n',
            '\x7fELF\x02\x01\x01\n'.repeat(50),
        ]) {
            expect(() => parse([Buffer.from(text)]))
                .withContext(text)
                .toThrowError(NotAnExport);
        }
    });
});
