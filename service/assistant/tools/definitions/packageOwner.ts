import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code } from '../../markup.ts';
import { ReeveError } from '../../../util/errors.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { notHere, toldTool } from '../tool.ts';

/** Of dpkg-query(1), rpm(8) and pacman(8): the program, its arguments, and the packages in what it prints. */
const queries: readonly [string, (path: string) => string[], (output: string) => string[]][] = [
    // "one, two:amd64: /etc/file"
    ['dpkg-query', path => ['-S', '--', path], output => (output.split(': ')[0] ?? '').split(', ')],
    ['rpm', path => ['-qf', '--', path], output => output.split(/\s+/)],
    // "/usr/bin/ls is owned by coreutils 9.5-1"
    ['pacman', path => ['-Qo', '--', path], output => [output.replace(/^.* is owned by /, '')]],
];

export const packageOwner = toldTool({
    name: 'package_owner',
    description: 'Which distribution package a file belongs to.',
    parameters: z.object({ path: z.string().min(2).max(1024).describe('absolute path of the file') }),
    asked: {
        phrases: {
            en: [
                '(which|what) package (does|has) [the file] {path} [belong to|come from]',
                '(which|what) package (owns|installed|brought|contains|provides|ships) [the file] {path}',
                'where does [the file] {path} come from',
                '(which|what) package is {path} (from|in|of)',
            ],
            de: [
                '(zu|aus) welchem paket (gehört|kommt|stammt) [die datei] {path}',
                'welches paket (hat|enthält|liefert|besitzt) [die datei] {path} [installiert]',
                '(woher|von wo) kommt [die datei] {path}',
            ],
            ar: ['(الى|من) اي حزمة (ينتمي|جاء|ياتي) [الملف] {path}', 'اي حزمة (تملك|ثبتت) {path}'],
        },
        example: () => _('Which package does {path} belong to?', { path: '/usr/bin/ls' }),
        values: ({ path = '' }) => ({ path }),
    },
    absent: () => _('This computer has none of the package managers that I know (dpkg, rpm, pacman).'),
    async find({ path }, { machine, signal }, cite) {
        // dpkg-query takes patterns; a file's name is none.
        if (!path.startsWith('/') || /[*?[\]\\\0]/.test(path))
            throw new ReeveError('InvalidArgument', 'path must be an absolute path without patterns');
        for (const [program, argv, packagesOf] of queries) {
            // Since /bin became a link to /usr/bin, a file may be listed under either name.
            for (const place of [path, path.startsWith('/usr/') ? path.slice(4) : `/usr${path}`]) {
                const output = await machine.run(program, argv(place), { signal });
                if (output === null) break;
                const owner = safeText(output.trim(), 400);
                if (owner === '' || owner.includes(' is not owned by ')) continue;
                cite(fact('system', program, owner));
                return { owner, packages: packagesOf(owner) };
            }
            if ((await machine.run(program, ['--version'], { signal })) === null) continue;
            cite(fact('system', program, `no package has ${safeText(path, 200)}`));
            return null;
        }
        throw notHere('A package manager', 'dpkg, rpm or pacman');
    },
    write(found, out, { path }) {
        out.line(
            found === null
                ? `No package has ${path}: somebody or some program put it there.`
                : `${path} belongs to: ${found.owner}`,
        );
    },
    *tell(found, format, { path }) {
        const file = code(safeText(path, 200));
        if (found === null) {
            yield `${_('{file} belongs to no package: a person or a program put it there.', { file })}\n`;
            return;
        }
        const packages = format.list(found.packages.map(code));
        yield `${ngettext('{file} belongs to the package {packages}.', '{file} belongs to the packages {packages}.', found.packages.length, { file, packages })}\n`;
    },
});
