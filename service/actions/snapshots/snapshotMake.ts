import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { listNames } from '../../machine/machine.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

/** As snapper calls a subvolume that it looks after; its file is in /etc/snapper/configs. */
const config = z.string().regex(/^[A-Za-z0-9][\w-]{0,63}$/);
const parameters = z.strictObject({ config });
type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Keeps the present state of a subvolume, which takes no space at first; snapper(8), create. */
export const snapshotMake = defineAction({
    name: 'snapshot.make',
    parameters,
    proposable: ['task'],
    touches: ({ config: of }) => [`snapshots of ${of}`],
    wishes: [
        {
            phrases: {
                en: ['(make|create|take) [system|btrfs|filesystem] snapshot [of (system|filesystem|computer)]'],
                de: [
                    '(mach|mache|erstelle) [btrfs|system] (snapshot|schnappschuss|systemschnappschuss)',
                    '(snapshot|schnappschuss|systemschnappschuss) [des systems] (erstellen|machen|anlegen)',
                ],
                ar: ['(أنشئ|خذ) لقطة [نظام]'],
            },
            parameters: async (_slots, asked) => {
                const known = await configs(asked);
                if (known.length === 0)
                    throw new ReeveError('InvalidState', _('Snapper makes no snapshots on this computer'));
                return [...known]
                    .sort((one, other) => Number(other === 'root') - Number(one === 'root'))
                    .map(of => ({ config: of }));
            },
        },
    ],
    async plan({ config: of }, asked) {
        if (!(await configs(asked)).includes(of))
            throw new ReeveError('InvalidState', _('Snapper makes no snapshots of {name}', { name: of }));
        const title = _('Make a snapshot of {name}', { name: of });
        return {
            title,
            steps: [
                {
                    description: title,
                    ...programStep('system', [
                        'snapper',
                        '--config',
                        of,
                        'create',
                        '--cleanup-algorithm',
                        'number',
                        '--description',
                        'Reeve',
                    ]),
                },
            ],
            risk: 'low',
            riskText: _('It takes no space at first. What you delete later stays in it, until snapper removes it.'),
            undo: null,
            authentication: true,
            preconditions: { snapper: of },
        };
    },
});

async function configs({ machine }: Asked): Promise<string[]> {
    const names = machine === null ? [] : await listNames(machine, '/etc/snapper/configs');
    return names.filter(name => config.safeParse(name).success);
}
