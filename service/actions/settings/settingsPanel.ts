import { env } from 'node:process';
import { join } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { languages } from '../../i18n/locale.ts';
import { entryDirectories, entryName } from '../../machine/desktop/applicationName.ts';
import { readText } from '../../machine/machine.ts';
import { defineAction } from '../action.ts';
import { panelNames, panelOf } from './panels.ts';
import type { Surroundings } from '../surroundings.ts';

const parameters = z.strictObject({ panel: z.enum(panelNames) });

/** Opens the settings where a person does what nobody else can; only the pages of panels.ts. */
export const settingsPanel = defineAction({
    name: 'settings.panel',
    parameters,
    proposable: ['task'],
    touches: () => [],
    wishes: panelNames.map(panel => ({ phrases: panelOf(panel).wishes, parameters: () => [{ panel }] })),
    async plan({ panel }, system) {
        const { page, entry, hint } = panelOf(panel);
        const name = await entryTitle(entry, system);
        if (name === null) throw new ReeveError('InvalidState', _('The settings of this desktop have no such page'));
        const title = _('Open the settings: {page}', { page: name });
        return {
            title,
            explanation: hint(),
            steps: [
                {
                    description: title,
                    command: ['gnome-control-center', ...page].join(' '),
                    call: {
                        bus: 'session',
                        destination: 'org.gnome.Settings',
                        path: '/org/gnome/Settings',
                        interface: 'org.freedesktop.Application',
                        member: 'ActivateAction',
                        signature: 'sava{sv}',
                        // launch_panel_activated() in gnome-control-center's shell/cc-application.c: the panel, and its own arguments.
                        arguments: [
                            'launch-panel',
                            [
                                {
                                    signature: '(sav)',
                                    value: [page[0], page.slice(1).map(value => ({ signature: 's', value }))],
                                },
                            ],
                            [],
                        ],
                    },
                },
            ],
            risk: 'low',
            riskText: _('It only opens a window. You decide there.'),
            isOpening: true,
            undo: null,
            authentication: false,
            preconditions: {},
        };
    },
});

/** What the page is called in the settings; null where they do not have it. */
async function entryTitle(entry: string, { machine }: Pick<Surroundings, 'machine'>): Promise<string | null> {
    if (machine === null) return null;
    for (const directory of entryDirectories()) {
        const text = await readText(machine, join(directory, `gnome-${entry}-panel.desktop`));
        const name = text === null ? null : entryName(text, languages(env));
        if (name !== null) return name;
    }
    return null;
}
