import * as z from 'zod';

import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { packageName } from '../../../machine/packages/packageManager.ts';
import { notHere, tool } from '../tool.ts';

/** Of dpkg-query(1), rpm(8) and pacman(8): name, version, state or size, summary. */
const queries: readonly [string, (name: string) => string[]][] = [
    [
        'dpkg-query',
        name => [
            '-W',
            '-f',
            '${Package} ${Version} ${Architecture}, ${db:Status-Status}, ${Installed-Size} kB: ${binary:Summary}\\n',
            name,
        ],
    ],
    ['rpm', name => ['-q', '--queryformat', '%{NAME} %{VERSION}-%{RELEASE} %{ARCH}, installed: %{SUMMARY}\\n', name]],
    ['pacman', name => ['-Qi', name]],
];

export const packageInfo = tool({
    name: 'package_info',
    description: 'Whether a distribution package is installed, in which version, and what it is.',
    parameters: z.object({ name: packageName.describe('exact name of the package') }),
    async run({ name }, { machine, signal }, out) {
        for (const [program, argv] of queries) {
            const output = await machine.run(program, argv(name), { signal });
            if (output === null) continue;
            const text = safeText(output.trim(), 1500, { multiline: true });
            const isThere = text !== '' && !/is not installed$/m.test(text);
            out.cite(fact('system', `${program} ${name}`, isThere ? text : 'not installed'));
            if (isThere) out.block(text);
            else out.line(`${name} is not installed (${program} does not know it).`);
            return;
        }
        throw notHere('A package manager', 'dpkg, rpm or pacman');
    },
});
