import { headModules } from '../../../build/familyHeads.ts';
import { headFile } from '../../../service/faults/familyHead.ts';
import { openRuleFile, RuleFileError } from '../../../service/faults/ruleFile.ts';

type Files = Record<string, string>;

function modules(files: Files): Map<string, string> {
    return headModules(
        Object.entries(files).map(([name, content]) => {
            const document = openRuleFile(content, name);
            return { document, head: document.parse(headFile) };
        }),
    );
}

function mistakes(files: Files): string[] {
    try {
        modules(files);
    } catch (error) {
        if (error instanceof RuleFileError) return error.message.split('\n');
        throw error;
    }
    return [];
}

describe('The head of a family', () => {
    const paper = 'programs:\n    printer:\n        names: lpd cupsd\n        units: cups\n';

    it('becomes a part of the tables', () => {
        const tables = modules({ 'paper.yaml': paper, 'ink.yaml': 'programs: { ink: { names: inkd, ofUser: true } }' });
        expect(tables.get('detection/generated/programs.ts')).toContain(
            '"printer": {"names":["lpd","cupsd"],"units":["cups"]},\n"ink": {"names":["inkd"],"ofUser":true},',
        );
    });

    it('names the line and the field of a mistake', () => {
        expect(mistakes({ 'paper.yaml': paper.replace('lpd', 'LPD') })).toEqual([
            'paper.yaml:3: programs.printer.names: must be lower case: LPD',
        ]);
        expect(mistakes({ 'paper.yaml': paper.replace('lpd', 'cupsd') })).toEqual([
            'paper.yaml:3: programs.printer.names: has a word twice: cupsd',
        ]);
        expect(mistakes({ 'paper.yaml': paper.replace('units', 'unit') })).toEqual([
            'paper.yaml:4: programs.printer.unit: is not a known key',
        ]);
        expect(mistakes({ 'paper.yaml': paper.replace('printer', 'kernel') })).toEqual([
            'paper.yaml:2: programs.kernel: cannot be the name of a program',
        ]);
    });

    it('has patterns of programs and units by severity, those of all families in one', () => {
        const tables = modules({
            'paper.yaml': 'severity: { high: { programs: lpd, systemUnits: cups }, low: { units: .*/out } }',
            'ink.yaml': 'severity: { high: { programs: inkd? } }',
        });
        const table = tables.get('faults/generated/severities.ts');
        expect(table).toContain("{ severity: 'high', pattern: /^(?:lpd|inkd?)$/ },");
        expect(table).toContain('{ scope: "system", severity: \'high\', pattern: /^(?:cups)$/ },');
        expect(table).toContain("{ scope: null, severity: 'low', pattern: /^(?:.*\\/out)$/ },");
        expect(mistakes({ 'paper.yaml': 'severity: { high: { programs: lpd( } }' })).toEqual([
            'paper.yaml:1: severity.high.programs: is not a regular expression: lpd(',
        ]);
    });

    it('has what only text needs in a table of its own', () => {
        const table = modules({
            'paper.yaml': 'name: paper\nsubsystem: { programs: lpd }\nverbosity: { loud: lp* }',
            'ink.yaml': 'name: ink\nverbosity: { loud: ink* x }',
        }).get('faults/generated/heads.text.ts');
        expect(table).toContain('"paper": "lpd"');
        expect(table).toContain('"loud": "lp* ink* x"');
        expect(mistakes({ 'paper.yaml': 'verbosity: { loud: l*p }' })).toEqual([
            'paper.yaml:1: verbosity.loud: has a * that is not at the end: l*p',
        ]);
        expect(mistakes({ 'paper.yaml': 'subsystem: { programs: lpd }' })).toEqual([
            'paper.yaml:1: subsystem: needs a family',
        ]);
    });

    it('claims what no other head claims', () => {
        const other = 'programs:\n    ink: { names: inkd }\n    printer: { names: inkd }\n';
        expect(mistakes({ 'paper.yaml': paper, 'ink.yaml': other })).toEqual([
            'ink.yaml:3: programs.printer: paper.yaml has printer, too',
        ]);
        const claims: [string, string, string][] = [
            ['severity: { high: { units: a b } }', 'severity: { low: { units: b } }', 'severity.low.units'],
            ['descriptions: { b: b.service }', 'descriptions: { b: c.service }', 'descriptions.b'],
            ['subsystem: { programs: a b }', 'subsystem: { monitors: b }', 'subsystem.monitors'],
            ['verbosity: { loud: b, serving: b }', 'verbosity: { talkative: a b }', 'verbosity'],
        ];
        for (const [first, second, field] of claims)
            expect(mistakes({ 'paper.yaml': `name: paper\n${first}`, 'ink.yaml': `name: ink\n${second}` })).toEqual([
                `ink.yaml:2: ${field}: paper.yaml has b, too`,
            ]);
    });
});
