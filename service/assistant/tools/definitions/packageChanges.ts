import * as z from 'zod';

import { amount } from '../amount.ts';
import { moment } from '../figures.ts';
import { readPackageChanges } from '../../../machine/packages/packages.ts';
import { required, tool } from '../tool.ts';

const day = 86_400_000_000;

export const packageChanges = tool({
    name: 'package_changes',
    description: 'Packages that were installed, upgraded or removed recently, newest first.',
    parameters: z.object({
        days: amount(365).optional().describe('how far back; default 7'),
        name: z.string().max(128).optional().describe('part of the package’s name'),
    }),
    async run({ days = 7, name }, { machine, clock, signal }, out) {
        const read = await readPackageChanges(machine, { since: clock() - days * day }, signal);
        const { changes, includesRemovals, evidence } = required(read, 'A package manager', 'dpkg, rpm or pacman');
        out.cite(evidence);
        const found = changes.filter(change => name === undefined || change.name.includes(name));
        out.line(
            `${found.length} changes in the last ${days} days${includesRemovals ? '' : ' (removals are not known)'}`,
        );
        out.list(
            'Changes',
            found,
            change => {
                const versions = [change.from, change.to].filter(version => version !== '').join(' -> ');
                return `${moment(change.time, clock())}: ${change.action} ${change.name} ${versions}`;
            },
            25,
        );
    },
});
