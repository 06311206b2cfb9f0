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
            'paper.yaml:3: programs.printer.names: is compared in lower case: LPD',
        ]);
        expect(mistakes({ 'paper.yaml': paper.replace('lpd', 'cupsd') })).toEqual([
            'paper.yaml:3: programs.printer.names: has a word twice: cupsd',
        ]);
        expect(mistakes({ 'paper.yaml': paper.replace('units', 'unit') })).toEqual([
            'paper.yaml:4: programs.printer.unit: is no key that is known',
        ]);
        expect(mistakes({ 'paper.yaml': paper.replace('printer', 'kernel') })).toEqual([
            'paper.yaml:2: programs.kernel: cannot be the name of a program',
        ]);
    });

    it('claims what no other head claims', () => {
        const other = 'programs:\n    ink: { names: inkd }\n    printer: { names: inkd }\n';
        expect(mistakes({ 'paper.yaml': paper, 'ink.yaml': other })).toEqual([
            'ink.yaml:3: programs.printer: paper.yaml has printer, too',
        ]);
    });
});
