import * as z from 'zod';

import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import { notHere, tool } from '../tool.ts';

/**
 * From what was downloaded last, without asking the network: apt(8) list --upgradable, dnf(8) --cacheonly, pacman(8) -Qu.
 * Each line of an update begins with the package's name.
 */
const queries: readonly [string, string[], RegExp][] = [
    ['apt', ['-qq', 'list', '--upgradable'], /^([^\s/]+)\/\S+ (\S+) \S+ \[upgradable from: ([^\]]+)\]/],
    ['dnf', ['--cacheonly', '--quiet', 'check-update'], /^(\S+\.\S+)\s+(\S+)\s+\S+\s*$/],
    ['pacman', ['-Qu'], /^(\S+) (\S+) -> (\S+)/],
];

export const packageUpdates = tool({
    name: 'package_updates',
    description: 'Distribution packages for which an update is known. Does not look for new ones.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        for (const [program, argv, pattern] of queries) {
            const output = await machine.run(program, argv, { signal, timeout: 20_000, limit: 4_194_304 });
            if (output === null) continue;
            const rows = output.split('\n').flatMap(line => {
                const match = pattern.exec(line);
                if (match === null) return [];
                const [, name = '', to = '', from] = match;
                return [
                    safeText(
                        `${name} ${program === 'pacman' ? `${to} -> ${from ?? ''}` : `${from ?? '?'} -> ${to}`}`,
                        160,
                    ),
                ];
            });
            out.cite(fact('system', [program, ...argv].join(' '), `${rows.length} updates`));
            out.line(`${rows.length} updates are known to ${program}`);
            out.list('Updates', rows, row => row, 30);
            return;
        }
        throw notHere('A package manager', 'apt, dnf or pacman');
    },
});
