import { _ } from '../../i18n/i18n.ts';
import { readGenerations } from '../../machine/nixos/nixos.ts';
import { defineAction, noParameters } from '../action.ts';
import { rebuildStep, requireEarlier, requireNixos, rollbackStep } from './configurationEdit.ts';
import { requireRootsConfiguration } from './configurationOwner.ts';

const touches = () => ['nixos'];

/** Makes of the configuration, as it is now, the system that runs. */
export const nixosRebuild = defineAction({
    name: 'nixos.rebuild',
    parameters: noParameters,
    proposable: ['task'],
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    '(rebuild|build) [the] (nixos|nixos system|system configuration|nixos configuration)',
                    '(apply|switch to) [the|my] nixos configuration',
                ],
                de: [
                    '(baue|bau) nixos neu',
                    'nixos neu bauen',
                    '(wende|übernimm) [die|meine] nixos-konfiguration [an]',
                ],
                ar: ['(اعد|أعد) بناء nixos', 'طبق إعداد nixos'],
            },
            parameters: () => [{}],
        },
    ],
    async plan(_parameters, asked) {
        const machine = await requireNixos(asked);
        const files = await requireRootsConfiguration(machine);
        const all = await readGenerations(machine);
        return {
            title: _('Build the system of the configuration, and switch to it'),
            steps: [rebuildStep(_('Build the system, try it, and switch to it'))],
            risk: 'medium',
            riskText: _(
                'Whatever changed in the configuration since the last time takes effect. The generation before stays, and can be returned to.',
            ),
            // A build that changes nothing makes no generation: the one before would then be another one.
            undo: null,
            authentication: true,
            preconditions: { ...files, generation: String(all.find(({ isCurrent }) => isCurrent)?.number ?? '') },
        };
    },
});

/** Returns to the system before the current one. What is declared stays as it is. */
export const nixosRollback = defineAction({
    name: 'nixos.rollback',
    parameters: noParameters,
    proposable: ['incident', 'task'],
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    '(roll back|rollback) [the] (nixos|nixos system|system)',
                    '(go|switch|return) [back] to [the] (previous|last|earlier) (generation|nixos generation)',
                ],
                de: [
                    '(kehre|geh|gehe|wechsle) [zurück] zur (vorigen|letzten|vorherigen) generation [zurück]',
                    'nixos zurückrollen',
                ],
                ar: ['(ارجع|عد) إلى الجيل السابق'],
            },
            parameters: () => [{}],
        },
    ],
    async plan(_parameters, asked) {
        const { current, earlier } = await requireEarlier(await requireNixos(asked));
        return {
            title: _('Return to generation {number} of the system', { number: earlier }),
            steps: [rollbackStep(_('Switch to the generation before'))],
            risk: 'medium',
            riskText: _('The configuration stays as it is: the next build makes the present system again.'),
            undo: {
                text: _('Builds the system of the configuration again'),
                steps: [rebuildStep(_('Build the system again, and switch to it'))],
            },
            authentication: true,
            preconditions: { generation: String(current) },
        };
    },
});
