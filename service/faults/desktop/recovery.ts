import { dirname } from 'node:path';

import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { extensionState, extensionStates } from '../../machine/desktop/shellExtensions.ts';
import { ownerOf } from '../../machine/machine.ts';
import { readFacts } from './facts.ts';

/**
 * For a file that may not be written because it belongs to somebody else. A file that does not exist, or cannot be seen, proves
 * nothing by itself: a program that ran as root may own the folder, and then the folder is the obstacle.
 */
export const isOwn: RecoveryCheck = {
    about: 'the file that could not be written belongs to the user',
    async check({ incident, machine }) {
        const { path = '', reason = '' } = readFacts(incident.facts);
        if (!path.startsWith('/') || !/permission denied/i.test(reason)) return unknown();
        let place = path;
        let owner = await ownerOf(machine, place);
        while (owner === null && place !== dirname(place)) {
            place = dirname(place);
            owner = await ownerOf(machine, place);
        }
        if (owner === null) return unknown();
        return owner === process.getuid?.()
            ? { gone: true, detail: _('{path} belongs to you again', { path }) }
            : { gone: false, detail: _('{path} still belongs to another user', { path: place }) };
    },
};

export const isExtensionWell: RecoveryCheck = {
    about: 'the Shell reports no error from the extension',
    async check({ incident, machine, signal }) {
        const state = await extensionState(machine.session, incident.subject, signal);
        if (machine.session === null) return unknown();
        return state === extensionStates.error
            ? { gone: false, detail: _('The extension still has an error') }
            : { gone: true, detail: _('The extension no longer has an error') };
    },
};
