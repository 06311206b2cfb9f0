import { manPages } from '../../../packaging/manPages.ts';
import { commands } from '../../../service/cli/commands.ts';

describe('The man pages', () => {
    const pages = manPages();

    it('are one for the program and one for each of its commands', () => {
        const names = commands.map(({ name }) => `reeve-${name}.1`);
        expect([...pages.keys()].sort()).toEqual(['reeve.1', ...names].sort());
    });

    it('have what the help has, as man(7) marks it', () => {
        const page = pages.get('reeve-fix.1') ?? '';
        expect(page).toMatch(/^\.TH REEVE-FIX 1 /);
        expect(page).toContain('\n.SH NAME\nreeve\\-fix \\- ');
        expect(page).toContain('\n.TP\n.B \\-h, \\-\\-help\nShow this manual.\n');
    });

    it('have no line that is taken for a request, and no bare hyphen of an option', () => {
        for (const [name, page] of pages)
            for (const line of page.split('\n').filter(each => /^[.']/.test(each)))
                expect(line)
                    .withContext(name)
                    .toMatch(/^\.(?:TH|SH|TP|B|PP|nf|fi)\b/);
        expect([...pages.values()].filter(page => /[^\\]--/.test(page))).toEqual([]);
    });
});
