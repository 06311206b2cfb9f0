import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { flatpakParameters, requireFlatpak, requireFlatpaks } from './flatpakApplications.ts';

/** Removes an application of Flatpak; flatpak-uninstall(1). What it has stored for the person stays. */
export const flatpakRemove = defineAction({
    name: 'flatpak.remove',
    parameters: flatpakParameters,
    touches: ({ id }) => [`flatpak ${id}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(uninstall|remove|delete) (flatpak|flatpak app|flatpak application) {name}',
                    '(uninstall|remove) {name} flatpak',
                ],
                de: ['(deinstalliere|entferne) [das] flatpak {name}', 'flatpak {name} (deinstallieren|entfernen)'],
                ar: ['(احذف|أزل) flatpak {name}'],
            },
            parameters: async ({ name = '' }, asked) => {
                const isMeant = (each: string) => each.toLowerCase() === name;
                const all = await requireFlatpaks(asked);
                return all
                    .filter(each => isMeant(each.name) || isMeant(each.id))
                    .map(({ id, installation }) => ({ id, installation }));
            },
        },
    ],
    async plan(parameters, asked) {
        const { id, name, installation, origin } = await requireFlatpak(parameters, asked);
        const options = [`--${installation}`, '--noninteractive', '--app'] as const;
        const title = _('Remove {names}', { names: name || id });
        return {
            title,
            steps: [
                { description: title, ...programStep(installation, ['flatpak', 'uninstall', ...options, '--', id]) },
            ],
            risk: 'medium',
            riskText: _('The program is gone. Its settings and your files stay.'),
            undo: {
                text: _('Installs what was removed'),
                steps: [
                    {
                        description: _('Install {names}', { names: `${id} (${origin})` }),
                        ...programStep(installation, ['flatpak', 'install', ...options, '--', origin, id]),
                    },
                ],
            },
            authentication: installation === 'system',
            preconditions: { flatpak: `${id} ${installation} ${origin}` },
        };
    },
    async verify({ id, installation }, asked) {
        const all = await requireFlatpaks(asked);
        const gone = !all.some(each => each.id === id && each.installation === installation);
        return { gone, detail: gone ? '' : _('{name} is still installed', { name: id }) };
    },
});
