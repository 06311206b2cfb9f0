import { parseLabels } from '../../logs/labels.ts';
import { scoreLog, sumsOf } from '../../logs/match.ts';
import type { Reported } from '../../logs/match.ts';
import { details, summary } from '../../logs/report.ts';

const labels = parseLabels(
    `
    incidents:
      - cause: The disk cannot be read
        family: [disk, filesystem]
        severity: [high]
        lines: [10-12, 20]
      - cause: The clock is wrong
        family: time
        severity: low
        lines: 30
    optional:
      - lines: [40]
    ordinary:
      - { lines: [50], why: a debug message }
    `,
    'a.yaml',
);

function incident(family: string, severity: string, ...lines: number[]): Reported {
    const evidence = lines.map(line => ({ line, message: '' }));
    return { family, kind: 'failure', subject: 'it', severity, title: family, evidence };
}

const score = (incidents: readonly Reported[], actionable: readonly number[] = []) =>
    scoreLog(
        { name: 'a', ...labels },
        incidents,
        Array.from({ length: 100 }, (_unused, index) => ({
            line: index + 1,
            actionable: actionable.includes(index + 1),
            family: null,
            severity: null,
        })),
    );

describe('The score of a whole log', () => {
    it('counts an incident for the label that it shows the most lines of', () => {
        const { matches, missed } = score([incident('disk', 'high', 12, 30, 20)]);
        expect(matches.map(({ is, label }) => [is, label?.cause])).toEqual([['worth it', 'The disk cannot be read']]);
        expect(missed).toEqual(labels.incidents.slice(1));
    });

    it('prefers the label of its family where they are equal', () => {
        expect(score([incident('time', 'low', 10, 30)]).matches[0]?.label).toBe(labels.incidents[1] ?? null);
    });

    it('counts more incidents about one label apart, and optional ones for nothing', () => {
        const scored = score([
            incident('filesystem', 'medium', 10),
            incident('disk', 'high', 11, 20),
            incident('program', 'medium', 40),
            incident('program', 'critical', 50),
        ]);
        expect(scored.matches.map(({ is }) => is)).toEqual(['duplicate', 'worth it', 'optional', 'wrong']);
        expect(sumsOf([scored])).toEqual(
            jasmine.objectContaining({
                reported: 4,
                worthIt: 1,
                duplicates: 1,
                wrong: 1,
                found: 1,
                labels: 2,
                critical: { right: 0, of: 1 },
                high: { right: 1, of: 1 },
                severity: { right: 1, of: 1 },
            }),
        );
    });

    it('counts the lines that were taken for a fault, and belong to none', () => {
        const scored = score([], [12, 40, 50]);
        expect(scored.wrongLines.map(({ line }) => line)).toEqual([50]);
        expect(scored.labelsInLines).toBe(1);
    });

    it('is printed with what it is counted from', () => {
        const scored = score([incident('disk', 'critical', 10), incident('program', 'high', 50)], [50]);
        expect(summary([scored])).toContain('50.0 of 100 (1 of 2)');
        expect(summary([scored])).toMatch(/^Wrong lines in a thousand +10\.00 /m);
        const text = details(scored, line => `text of ${line}`).join('\n');
        expect(text).toContain('WRONG: high program');
        expect(text).toContain('SEVERITY: critical disk');
        expect(text).toContain('MISSED: The clock is wrong [time; low]');
        expect(text).toContain('50: text of 50');
    });
});

describe('The labels of a whole log', () => {
    it('may be those of a computer without a fault', () => {
        expect(parseLabels('healthy: true', 'b.yaml')).toEqual({
            desktop: '',
            healthy: true,
            incidents: [],
            optional: [],
        });
    });

    it('are refused with the name of their file', () => {
        expect(() =>
            parseLabels('incidents: [{ cause: x, family: disk, severity: bad, lines: [1] }]', 'c.yaml'),
        ).toThrowError(/^c\.yaml: /);
        expect(() => parseLabels('optional: [{ lines: [5-2] }]', 'd.yaml')).toThrowError(/ends before it begins/);
    });
});
