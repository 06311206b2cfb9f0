import { readFileSync } from 'node:fs';

import { KnownLines } from '../../../service/textAnalysis/knownLines.ts';
import { TextDetector } from '../../../service/textAnalysis/textDetector.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';
import { parseTextLine } from '../../../service/textAnalysis/textLine.ts';

const notAfter = Date.UTC(2026, 10, 21, 12) * 1000;

describe('Lines that repeat', () => {
    const look = (lines: KnownLines<string>, program: string, line: string) => {
        const bytes = Buffer.from(`head:${line}\n`);
        const found = lines.find(program, bytes, 5, bytes.length - 1);
        if (lines.isRepeated) lines.learn(program, `${program}:${line}`);
        return found;
    };

    it('are known from the third time on, each of its program', () => {
        const lines = new KnownLines<string>();
        expect([1, 2, 3, 4].map(() => look(lines, 'one', ' it failed'))).toEqual([
            undefined,
            undefined,
            'one: it failed',
            'one: it failed',
        ]);
        expect(look(lines, 'other', ' it failed')).toBeUndefined();
        expect(look(lines, 'one', ' it failed!')).toBeUndefined();
    });

    it('replace one another, so that memory is bounded', () => {
        const lines = new KnownLines<string>();
        const all = Array.from({ length: 20_000 }, (_unused, index) => ` failure ${index}`);
        for (const line of all) for (let time = 0; time < 2; time++) look(lines, 'one', line);
        const known = all.filter(line => look(lines, 'one', line) !== undefined);
        expect(known.length).toBeGreaterThan(1000);
        expect(known.length).toBeLessThan(8193);
    });
});

type Judged = { line: string; assessment: unknown; verdicts: unknown };

/** @param forgets whether the head of each line has to be parsed, so that nothing of the line is known */
function judged(lines: readonly string[], forgets: boolean): Judged[] {
    const detector = new TextDetector({ withHints: true });
    return lines.map((line, index) => {
        if (forgets) parseTextLine('2026-11-21T02:00:00.123456+01:00 host program[1]: x', notAfter);
        const verdicts = detector.feed(new TextLogEntry(Buffer.from(line), index + 1, notAfter));
        return { line, assessment: detector.assessment, verdicts };
    });
}

describe('A line that repeats', () => {
    const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 1) + second * 1000).toISOString().slice(11, 19);

    it('is judged as if it were new', () => {
        const messages = readFileSync(new URL('../../fixtures/faults/labelled.tsv', import.meta.url), 'utf8')
            .split('\n')
            .flatMap(row => / ([\w.-]+)\[\d+\]: (.+)$/.exec(row)?.slice(1, 3).join('[123]: ') ?? [])
            .filter((_message, index) => index % 3 === 0);
        const lines = messages.flatMap((message, index) =>
            [0, 1, 2, 300].map(pause => `Nov 20 ${at(index + pause)} host ${message}`),
        );
        const [remembered, forgotten] = [judged(lines, false), judged(lines, true)];
        for (const [index, one] of remembered.entries())
            if (JSON.stringify(one) !== JSON.stringify(forgotten[index])) expect(one).toEqual(forgotten[index] ?? one);
        expect(remembered.filter(({ assessment }) => assessment !== null).length).toBeGreaterThan(lines.length / 4);
    });

    it('counts for less while the computer starts', () => {
        const complaint = (second: number) =>
            `Nov 20 ${at(second)} host exampled[123]: error: could not reach the controller`;
        const start = (second: number) => `Nov 20 ${at(second)} host kernel: Linux version 7.0.0 (build@host)`;
        const lines = [0, 1, 2, 3].map(complaint);
        const judgements = judged([...lines, start(100), complaint(110), complaint(200)], false);
        const isActionable = judgements.map(
            ({ assessment }) => (assessment as { actionable: boolean } | null)?.actionable ?? false,
        );
        expect(isActionable).toEqual([true, true, true, true, false, false, true]);
    });
});
