import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { requireFlatpaks, type Asked, type Installation } from './flatpakApplications.ts';

const installations = ['user', 'system'] as const;

/** Updates the applications of Flatpak; flatpak-update(1). */
export const flatpakUpdate = defineAction({
    name: 'flatpak.update',
    parameters: z.strictObject({ installation: z.enum(installations) }),
    touches: () => ['flatpak'],
    wishes: [
        {
            phrases: {
                en: ['(update|upgrade) [all] [my] (flatpaks|flatpak|flatpak apps|flatpak applications)'],
                de: [
                    '[alle] (flatpaks|flatpak|flatpak-anwendungen|flatpak-programme) aktualisieren',
                    'aktualisiere [alle] (flatpaks|flatpak-anwendungen)',
                ],
                ar: ['(حدث|تحديث) [تطبيقات] (flatpak|flatpaks)'],
            },
            parameters: async (_slots, asked) => {
                const all = await requireFlatpaks(asked);
                return installations
                    .filter(installation => all.some(each => each.installation === installation))
                    .map(installation => ({ installation }));
            },
        },
    ],
    async plan({ installation }, asked) {
        const ids = await outdated(installation, asked);
        if (ids.length === 0) throw new ReeveError('InvalidState', _('Flatpak has no updates'));
        const names = ids.join(', ');
        const options = [`--${installation}`, '--noninteractive', '--app'] as const;
        return {
            title: ngettext('Update {count} application', 'Update {count} applications', ids.length),
            steps: [
                {
                    description: _('Update {names}', { names }),
                    ...programStep(installation, ['flatpak', 'update', ...options, '--', ...ids]),
                },
            ],
            risk: 'low',
            riskText: _('An application that runs keeps its old version until you start it again.'),
            undo: null,
            authentication: installation === 'system',
            preconditions: { 'flatpak updates': names },
        };
    },
    async verify({ installation }, asked) {
        const [left] = await outdated(installation, asked);
        return {
            gone: left === undefined,
            detail: left === undefined ? '' : _('{name} is not updated yet', { name: left }),
        };
    },
});

/** By flatpak-remote-ls(1), which asks the sources; only what is installed as an application. */
async function outdated(installation: Installation, asked: Asked): Promise<string[]> {
    const argv = ['remote-ls', `--${installation}`, '--updates', '--app', '--columns=application'];
    const all = await requireFlatpaks(asked);
    const listed = (await asked.machine?.run('flatpak', argv, { signal: asked.signal, limit: 262_144 })) ?? '';
    const lines = listed.split('\n').map(line => line.trim());
    return [...new Set(lines)].filter(id => all.some(each => each.id === id && each.installation === installation));
}
