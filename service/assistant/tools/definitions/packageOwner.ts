import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { ReeveError } from '../../../util/errors.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { notHere, tool } from '../tool.ts';

/** Of dpkg-query(1), rpm(8) and pacman(8). */
const queries: readonly [string, (path: string) => string[]][] = [
    ['dpkg-query', path => ['-S', '--', path]],
    ['rpm', path => ['-qf', '--', path]],
    ['pacman', path => ['-Qo', '--', path]],
];

export const packageOwner = tool({
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
    async run({ path }, { machine, signal }, out) {
        // dpkg-query takes patterns; a file's name is none.
        if (!path.startsWith('/') || /[*?[\]\\\0]/.test(path))
            throw new ReeveError('InvalidArgument', 'path must be an absolute path without patterns');
        for (const [program, argv] of queries) {
            // Since /bin became a link to /usr/bin, a file may be listed under either name.
            for (const place of [path, path.startsWith('/usr/') ? path.slice(4) : `/usr${path}`]) {
                const output = await machine.run(program, argv(place), { signal });
                if (output === null) break;
                const owner = safeText(output.trim(), 400);
                if (owner === '' || owner.includes(' is not owned by ')) continue;
                out.cite(fact('system', program, owner));
                out.line(`${path} belongs to: ${owner}`);
                return;
            }
            if ((await machine.run(program, ['--version'], { signal })) === null) continue;
            out.cite(fact('system', program, `no package has ${safeText(path, 200)}`));
            out.line(`No package has ${path}: somebody or some program put it there.`);
            return;
        }
        throw notHere('A package manager', 'dpkg, rpm or pacman');
    },
});
