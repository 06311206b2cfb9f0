import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import {
    extensionState,
    extensionStates,
    extensionUuid,
    shellExtensions,
} from '../../machine/desktop/shellExtensions.ts';
import { defineAction } from '../action.ts';

const parameters = z.strictObject({
    uuid: z.string().regex(extensionUuid).max(128),
});

/** Turns off a harmful extension of GNOME Shell. */
export const extensionDisable = defineAction({
    name: 'extension.disable',
    parameters,
    touches: ({ uuid }) => [`extension ${uuid}`],
    async plan({ uuid }, { machine, signal }) {
        const state = await extensionState(machine?.session ?? null, uuid, signal);
        if (state !== extensionStates.active && state !== extensionStates.error)
            throw new ReeveError('InvalidState', _('The extension {uuid} is not turned on', { uuid }));
        return {
            title: _('Turn off the extension {uuid}', { uuid }),
            steps: [step('DisableExtension', uuid)],
            risk: 'low',
            riskText: _('What the extension adds to the desktop disappears until you turn it on again.'),
            undo: { text: _('Turns the extension on again'), steps: [step('EnableExtension', uuid)] },
            authentication: false,
            preconditions: { [`${uuid} state`]: String(state) },
        };
    },
});

function step(member: 'DisableExtension' | 'EnableExtension', uuid: string): Step {
    const isOff = member === 'DisableExtension';
    return {
        description: isOff ? _('Turn off the extension {uuid}', { uuid }) : _('Turn on the extension {uuid}', { uuid }),
        command: `gnome-extensions ${isOff ? 'disable' : 'enable'} ${uuid}`,
        call: { bus: 'session', ...shellExtensions, member, signature: 's', arguments: [uuid] },
    };
}
