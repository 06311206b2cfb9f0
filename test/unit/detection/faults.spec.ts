import { readFileSync } from 'node:fs';

import { families } from '../../../service/detection/families.ts';
import type { Judgement } from '../../../service/detection/fault.ts';
import { Analysis } from '../../../service/detection/analysis.ts';
import { TextLogEntry } from '../../../service/detection/logEntry.ts';
import { Template } from '../../../service/detection/template.ts';
import { analyseText } from './recordings.ts';

const fixtures = new URL('../../fixtures/faults/', import.meta.url);
const lines = (name: string) => readFileSync(new URL(name, fixtures), 'utf8').trimEnd().split('\n');
const notAfter = Date.UTC(2026, 10, 21, 12) * 1000;

function judge(line: string): Judgement | null {
    return new Analysis({ withHints: true }).feed(new TextLogEntry(Buffer.from(line), 1, notAfter));
}

/** Lines in the words that the kernel or program writes; the files that they were taken from are named in each rule file. */
const faults = lines('faults.tsv').map(row => {
    const [family = '', severity = '', subject = '', ...line] = row.split('\t');
    return { family, severity, subject, line: line.join('\t') };
});

describe('Lines that tell of a fault', () => {
    for (const family of new Set(faults.map(fault => fault.family))) {
        it(`are known for the family “${family}”`, () => {
            for (const { severity, subject, line } of faults.filter(fault => fault.family === family)) {
                const judgement = judge(line);
                expect(judgement)
                    .withContext(line)
                    .toEqual(jasmine.objectContaining({ actionable: true, family }));
                if (severity !== '-')
                    expect(judgement?.severity as string)
                        .withContext(line)
                        .toBe(severity);
                if (subject === '-' || family === 'unit') continue;
                const subjects = analyseText([line])
                    .incidents()
                    .map(incident => incident.subject);
                expect(subjects).withContext(line).toEqual([subject]);
            }
        });
    }

    it('exist for every family', () => {
        const known = new Set(faults.map(({ family }) => family));
        const needed = families.map(({ name }) => name).filter(name => !known.has(name));
        expect(needed).toEqual([]);
    });
});

describe('Ordinary lines', () => {
    it('are no faults, whatever words they have', () => {
        for (const line of lines('ordinary.log')) {
            expect(judge(line)?.actionable ?? false)
                .withContext(line)
                .toBeFalse();
        }
    });

    it('raise nothing together, either', () => {
        expect(
            analyseText(lines('ordinary.log'))
                .incidents()
                .map(({ title }) => title),
        ).toEqual([]);
    });
});

describe('The rules', () => {
    const rules = families.flatMap(({ name, rules: all, harmless = [] }) =>
        [...all, ...harmless].map(rule => ({ name, ...rule })),
    );

    it('have templates that can be looked for, each once in a rule', () => {
        for (const { name, lines: templates } of rules) {
            for (const line of templates) {
                expect(new Template(line).anchor.length).withContext(`${name}: ${line}`).toBeGreaterThanOrEqual(4);
            }
            const folded = templates.map(line => line.toLowerCase());
            expect(folded.filter((line, index) => folded.indexOf(line) !== index))
                .withContext(name)
                .toEqual([]);
        }
    });

    it('have exceptions in lower case, as they are compared so', () => {
        for (const { name, unless = [] } of rules) {
            expect(unless.filter(text => text !== text.toLowerCase()))
                .withContext(name)
                .toEqual([]);
        }
    });
});
