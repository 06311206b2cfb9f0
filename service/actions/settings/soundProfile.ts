import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { cardName, dumpSound, profilesOf, soundProperty } from '../../machine/hardware/sound.ts';
import type { SoundObject } from '../../machine/hardware/sound.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Argv } from '../programStep.ts';

const name = z.string().min(1).max(200);
const parameters = z.strictObject({ device: name, profile: name });

/** Switches a sound card to one of its profiles, as the sound settings do. */
export const soundProfile = defineAction({
    name: 'sound.profile',
    parameters,
    touches: ({ device }) => [`sound card ${device}`],
    async plan(asked, { machine, signal }) {
        const objects = machine === null ? null : await dumpSound(machine, signal);
        const { card, profile, argv, preconditions } = profileSwitch(objects ?? [], asked);
        return {
            title: _('Turn on the sound card {card}', { card }),
            steps: [{ description: _('Set {card} to “{profile}”', { card, profile }), ...programStep('user', argv) }],
            risk: 'low',
            riskText: _(
                'Sound that is playing may be heard. Undo does not turn the card off again; what turned it off before can do that.',
            ),
            // PipeWire renumbers its objects at every start, so the number may later belong to another card.
            undo: null,
            authentication: false,
            preconditions,
        };
    },
});

/**
 * The step that switches a card, and the state it requires; wpctl(1), set-profile.
 *
 * @throws ReeveError InvalidState when there is nothing to switch
 */
export function profileSwitch(
    objects: readonly SoundObject[],
    { device, profile }: z.infer<typeof parameters>,
): { card: string; profile: string; argv: Argv; preconditions: Record<string, string> } {
    const found = objects.find(
        object =>
            soundProperty(object, 'media.class') === 'Audio/Device' && soundProperty(object, 'device.name') === device,
    );
    if (found === undefined) throw new ReeveError('InvalidState', _('The sound card is not there'));
    const { current, profiles } = profilesOf(found);
    const wanted = profiles.find(one => one.name === profile && one.available !== 'no');
    if (wanted === undefined || current === null)
        throw new ReeveError('InvalidState', _('The sound card cannot use that profile now'));
    if (wanted.index === current.index)
        throw new ReeveError('InvalidState', _('The sound card already uses that profile'));
    return {
        card: cardName(found),
        profile: safeText(wanted.description, 100),
        argv: ['wpctl', 'set-profile', String(found.id), String(wanted.index)],
        preconditions: { [`${device} profile`]: current.name, [`${device} id`]: String(found.id) },
    };
}
