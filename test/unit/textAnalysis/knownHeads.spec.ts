import { knownHeadOf, parseTextLine } from '../../../service/textAnalysis/textLine.ts';

/** 21 November 2026. */
const notAfter = 1_795_219_200_000_000;

const times = [
    'Nov 21 02:00:00',
    'Nov  1 02:00:00',
    'Nov 20 23:59:59',
    'Feb 31 02:00:00',
    'Sat Nov 21 02:00:00',
    'Nov 21 2026 02:00:00',
    'Nov 21 02:00:00 2026',
    '2026-11-21T02:00:00.123456+01:00',
    '2026-11-21T02:00:00,123456+01:00',
    '2026-11-21 02:00:00 UTC',
    '2026-11-21 02:00:00',
    '1795219200.123456',
    '[   12.345678]',
    '',
];
const heads = [
    'host program[123]: ',
    'host program[124]: ',
    'host daemon.err program[123]: ',
    'daemon.err program[123]: ',
    'ERR program[123]: ',
    '<daemon.err> host program[123]: ',
    'stderr F program[123]: ',
    'host program: ',
    'host kernel: ',
    'host kernel: [    1.000000] ',
    'host init.scope[1]: ',
    'host (sh)[4]: ',
    'Host program[123]: ',
    'program[123]: ',
    'host program[123] more: ',
    'hôte program[123]: ',
    'host\u0000 program[123]: ',
    'host\u001b[1m program[123]: ',
    `${'h'.repeat(200)} program[123]: `,
    'host program[123]:',
    'host program[123]',
    '',
];
const lines = times.flatMap(time =>
    heads.flatMap(head =>
        ['it: failed', '', '\u0000[1.0] x'].map(rest => `${time}${time === '' ? '' : ' '}${head}${rest}`),
    ),
);

describe('The head of a line, known by its bytes', () => {
    it('is the one that is read when the line is parsed, whichever lines were read before', () => {
        let known = 0;
        // What is behind the head is not learned.
        for (const before of lines.filter((_line, index) => index % 3 === 0)) {
            for (const line of lines) {
                parseTextLine(before, notAfter);
                const bytes = Buffer.from(`\n${line}\n`);
                const head = knownHeadOf(bytes, 1, bytes.length - 1)?.head ?? null;
                if (head === null) continue;
                known += 1;
                const { identifier, pid } = parseTextLine(line, notAfter);
                expect(head)
                    .withContext(`${before} | ${line}`)
                    .toEqual({
                        identifier: identifier ?? '',
                        pid,
                        isStranger: identifier !== 'systemd' && identifier !== 'kernel',
                    });
            }
        }
        expect(known).toBeGreaterThan(lines.length);
    });

    it('is known again in a line of another time', () => {
        parseTextLine('Nov 21 02:00:00 host program[123]: one', notAfter);
        const known = (line: string) => knownHeadOf(Buffer.from(line), 0, Buffer.byteLength(line))?.head ?? null;

        expect(known('Nov 22 13:14:15 host program[123]: two')).toEqual({
            identifier: 'program',
            pid: '123',
            isStranger: true,
        });
        expect(known('Nov 22 13:14:15 host program[987]: two')).toBeNull();
        expect(known('Dec 22 13:14:15 host program[123]: two')).toBeNull();
        expect(known('Nov 22 13:14:15 host program[123]')).toBeNull();
        expect(known('Nov 22 13:14:1')).toBeNull();
    });

    it('ends with the line', () => {
        parseTextLine('Nov 21 02:00:00 host program[123]: one', notAfter);
        const bytes = Buffer.from('Nov 21 02:00:00 host program[123]: one');
        for (let end = 0; end < bytes.length; end++)
            expect(knownHeadOf(bytes, 0, end) !== null).toBe(end > bytes.indexOf(']:') + 1);
    });
});
