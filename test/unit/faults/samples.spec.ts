import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { parse } from 'yaml';
import type { FaultFamily, FaultRule } from '../../../service/detection/faultRule.ts';
import { severityOf } from '../../../service/detection/ruleValues.ts';
import { severity } from '../../../service/model/incident.ts';
import type { Finding } from '../../../service/model/incident.ts';
import { families as described } from '../../../service/faults/generated/text.ts';
import { withRulesOfText } from '../../../service/textAnalysis/families.ts';
import { TextDetector } from '../../../service/textAnalysis/textDetector.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';

/**
 * What is expected of the lines below it, in service/faults/<family>/samples.log:
 *
 *     # expect: { kind: adapter, subject: hci0, severity: medium }
 *     # expect: { kind: drops, subject: wlan0, severity: medium, times: 4 }   once the line was logged so often
 *     # expect: { kind: leads-up, incident: false }                           leads up to a fault
 *     # expect: { kind: down, subject: eth0, sign: true }                     counts only if it persists
 *     # expect: nothing
 */
const expectation = z.union([
    z.literal('nothing'),
    z.strictObject({
        kind: z.string(),
        subject: z.string().optional(),
        severity: severity.optional(),
        times: z.int().default(1),
        incident: z.literal(false).optional(),
        sign: z.literal(true).optional(),
    }),
]);
type Sample = { line: string; expected: z.infer<typeof expectation> };

const mark = '# expect: ';
const notAfter = Date.UTC(2026, 10, 21, 12) * 1000;

/** The rule that the last line was found by. */
let found: { family: string; rule: FaultRule } | null = null;

const families = withRulesOfText(described).map(family => ({ ...family, rules: family.rules.map(observed(family)) }));

function observed({ name }: FaultFamily): (rule: FaultRule) => FaultRule {
    return rule => {
        const itself: FaultRule = {
            ...rule,
            severity: captures => {
                found = { family: name, rule: itself };
                return severityOf(rule, captures);
            },
        };
        return itself;
    };
}

function samplesOf(family: string): Sample[] {
    const folder = family.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
    const file = new URL(`../../../service/faults/${folder}/samples.log`, import.meta.url);
    let expected: Sample['expected'] = 'nothing';
    return (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []).flatMap(line => {
        if (!line.startsWith('#')) return [{ line, expected }];
        if (line.startsWith(mark)) expected = expectation.parse(parse(line.slice(mark.length)));
        return [];
    });
}

/** What a line reports that is logged so often, and by which rule. */
function report(
    line: string,
    times: number,
): { found: typeof found; finding: Finding | null; isTooEarly: boolean; isSign: boolean } {
    const detector = new TextDetector({ families, withHints: true });
    found = null;
    let finding: Finding | null = null;
    let isTooEarly = false;
    let isSign = false;
    for (let count = 1; count <= times; count++) {
        const verdicts = detector.feed(new TextLogEntry(Buffer.from(line), count, notAfter));
        isTooEarly ||= finding !== null;
        const [verdict] = verdicts.filter(one => 'finding' in one);
        finding = verdict?.finding ?? null;
        isSign = verdict?.isSign ?? false;
    }
    return { found, finding, isTooEarly, isSign };
}

describe('The samples of a fault family', () => {
    const reports = families.flatMap(({ name }) =>
        samplesOf(name).map(({ line, expected }) => {
            const times = expected === 'nothing' ? 1 : expected.times;
            return { family: name, line, expected, ...report(line, times) };
        }),
    );

    for (const { name, rules } of families) {
        it(`report what is expected of them: ${name}`, () => {
            for (const sample of reports.filter(({ family }) => family === name)) {
                const { line, expected, finding } = sample;
                if (expected === 'nothing') {
                    expect(sample.found).withContext(line).toBeNull();
                    continue;
                }
                expect(`${sample.found?.family} ${sample.found?.rule.kind}`)
                    .withContext(line)
                    .toBe(`${name} ${expected.kind}`);
                expect(finding !== null)
                    .withContext(`incident of ${line}`)
                    .toBe(expected.incident !== false);
                expect(sample.isTooEarly).withContext(`too early: ${line}`).toBeFalse();
                expect(sample.isSign)
                    .withContext(`sign: ${line}`)
                    .toBe(expected.sign ?? false);
                if (expected.subject !== undefined) expect(finding?.subject).withContext(line).toBe(expected.subject);
                if (expected.severity !== undefined)
                    expect(finding?.severity).withContext(line).toBe(expected.severity);
            }
            // A family without rules is in no log.
            if (rules.length > 0) expect(samplesOf(name)).not.toEqual([]);
        });
    }

    it('are there for each rule', () => {
        const tried = new Set(reports.map(({ found: by }) => by?.rule));
        const missing = families.flatMap(({ name, rules }) =>
            rules.filter(rule => !tried.has(rule)).map(({ kind, lines }) => `${name} ${kind}: ${lines[0]}`),
        );
        expect(missing).toEqual([]);
    });
});
