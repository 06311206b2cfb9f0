import * as z from 'zod';

import { ReeveError } from '../errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Step } from '../model/proposal.ts';
import { safeText } from '../text/sanitise.ts';
import { dumpSound, profilesOf, soundProperty } from '../tools/sound.ts';
import type { Action } from './action.ts';
import { programStep } from './programStep.ts';

const name = z.string().min(1).max(200);
const parameters = z.strictObject({ device: name, profile: name });

/** Switches a sound card to one of its profiles, as the settings of the sound server do; wpctl(1), set-profile. */
export const soundProfile: Action<z.infer<typeof parameters>> = {
    name: 'sound.profile',
    parameters,
    async plan({ device, profile }, { machine, signal }) {
        const objects = machine === null ? null : await dumpSound(machine, signal);
        const found = objects?.find(
            object =>
                soundProperty(object, 'media.class') === 'Audio/Device' &&
                soundProperty(object, 'device.name') === device,
        );
        if (found === undefined) throw new ReeveError('InvalidState', _('The sound card is not there'));
        const { current, profiles } = profilesOf(found);
        const wanted = profiles.find(one => one.name === profile && one.available !== 'no');
        if (wanted === undefined || current === null)
            throw new ReeveError('InvalidState', _('The sound card cannot be used in that way now'));
        if (wanted.index === current.index)
            throw new ReeveError('InvalidState', _('The sound card is used in that way already'));
        const card = soundProperty(found, 'device.description') || safeText(device, 100);
        const set = (index: number, description: string): Step => ({
            description: _('Set {card} to “{profile}”', { card, profile: safeText(description, 100) }),
            ...programStep('user', ['wpctl', 'set-profile', String(found.id), String(index)]),
        });
        return {
            title: _('Switch the sound card {card} on', { card }),
            steps: [set(wanted.index, wanted.description)],
            risk: 'low',
            riskText: _('What plays may be heard from then on.'),
            undo: { text: _('Switches it off again'), steps: [set(current.index, current.description)] },
            authentication: false,
            preconditions: { [`${device} profile`]: current.name, [`${device} id`]: String(found.id) },
        };
    },
};
