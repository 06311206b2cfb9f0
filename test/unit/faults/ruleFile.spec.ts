import { openRuleFile, readRuleFile, RuleFileError } from '../../../service/faults/ruleFile.ts';

const head = ['name: paper', 'title: Paper', 'about: It is out.'];
const good = [
    ...head,
    'rules:',
    '    - kind: out',
    '      from: kernel',
    "      lines: ['lp{number:number} out of paper']",
    '      severity: low',
    "      subject: { of: 'lp{number}', otherwise: printer }",
    '      title: A printer does not print ({subject})',
];

/** @returns what is wrong with a file that has other lines in the place of some of the good one */
function mistakes(changes: Record<number, string>): string[] {
    const lines = good.map((line, index) => changes[index + 1] ?? line);
    try {
        readRuleFile(openRuleFile(lines.join('\n'), 'paper.yaml'));
    } catch (error) {
        if (error instanceof RuleFileError) return error.message.split('\n');
        throw error;
    }
    return [];
}

describe('A file of rules', () => {
    it('is read', () => {
        const { name, rules } = readRuleFile(openRuleFile(good.join('\n'), 'paper.yaml'));
        expect(name).toBe('paper');
        expect(rules[0]?.subject).toEqual({ of: 'lp{number}', otherwise: 'printer' });
    });

    it('names the line and the field of a mistake', () => {
        expect(mistakes({ 8: '      severity: bad' })).toEqual([
            'paper.yaml:8: rules[0].severity: must be one of low, medium, high, critical',
        ]);
        expect(mistakes({ 8: '      each: true' })).toEqual(['paper.yaml:5: rules[0].severity: is missing']);
        expect(mistakes({ 7: '      lines: paper' })).toEqual(['paper.yaml:7: rules[0].lines: is not a list of lines']);
        expect(mistakes({ 10: '      title: [1]' })).toEqual(['paper.yaml:10: rules[0].title[0]: must be text']);
        expect(mistakes({ 6: '      from: kernl' })).toEqual([
            'paper.yaml:6: rules[0].from: no program is called kernl',
        ]);
        expect(mistakes({ 9: '      subject: { of: [number], otherwise: printer }' })).toEqual([
            'paper.yaml:9: rules[0].subject.of: needs at least 2 entries',
        ]);
        expect(mistakes({ 8: '      severty: low' })).toContain('paper.yaml:8: rules[0].severty: is not a known key');
    });

    it('names the line of a mistake in YAML', () => {
        expect(mistakes({ 7: "      lines: ['lp" })[0]).toMatch(/^paper\.yaml:\d+: /);
    });

    it('has lines that can be looked for', () => {
        expect(mistakes({ 7: "      lines: ['lp {number:number}']" })).toContain(
            'paper.yaml:7: rules[0].lines[0]: needs at least 4 characters between its placeholders',
        );
        expect(mistakes({ 7: "      lines: ['lp{number:digits} out of paper']" })).toEqual([
            'paper.yaml:7: rules[0].lines[0]: unknown kind of placeholder: digits',
        ]);
    });

    it('has texts and subjects with names that a line captures', () => {
        expect(mistakes({ 10: '      title: A printer does not print ({printer})' })).toEqual([
            'paper.yaml:10: rules[0].title: no line captures printer',
        ]);
        expect(mistakes({ 9: '      subject: printer' })).toEqual([
            'paper.yaml:9: rules[0].subject: no line captures printer',
        ]);
    });

    it('is believed in what anchors stand for, too', () => {
        const shared = ['shared:', '    - &low', '      severity: bad'];
        const lines = [...head, ...shared, ...good.slice(3), '      <<: *low'].filter(line => !line.includes('y: low'));
        expect(() => readRuleFile(openRuleFile(lines.join('\n'), 'paper.yaml'))).toThrowError(
            RuleFileError,
            /^paper\.yaml:6: rules\[0\]\.severity: /,
        );
    });
});
