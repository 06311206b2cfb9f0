import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import { readTimedate, timedate } from '../../machine/time/timedate.ts';
import { isZoneThere, zoneName } from '../../machine/time/timeZone.ts';
import { defineAction } from '../action.ts';

const parameters = z.strictObject({ zone: z.string().regex(zoneName) });

/** Sets the time zone of the computer; org.freedesktop.timedate1(5). */
export const clockZone = defineAction({
    name: 'clock.zone',
    parameters,
    proposable: ['task'],
    wishes: [
        {
            phrases: {
                en: [
                    '(set|change) (time zone|timezone) to {zone}',
                    '(time zone|timezone) {zone}',
                    'i am in {zone} now',
                ],
                de: ['(setze|stelle) zeitzone auf {zone}', 'zeitzone {zone}'],
                ar: ['(اضبط|غير) منطقة زمنية [على|إلى] {zone}'],
            },
            parameters: ({ zone: said = '' }) => {
                const wanted = said.toLowerCase().replaceAll(' ', '_');
                const isMeant = (zone: string) =>
                    [zone, zone.split('/').at(-1)].some(part => part?.toLowerCase() === wanted);
                return Intl.supportedValuesOf('timeZone')
                    .filter(isMeant)
                    .map(zone => ({ zone }));
            },
        },
    ],
    async plan({ zone }, { machine, signal }) {
        const clock = await readTimedate(machine?.system ?? null, signal);
        if (machine === null || clock === null)
            throw new ReeveError('InvalidState', _('No service on this computer manages the clock'));
        if (clock.Timezone === zone)
            throw new ReeveError('InvalidState', _('The time zone is already {zone}', { zone }));
        if (!(await isZoneThere(machine, zone)))
            throw new ReeveError('InvalidState', _('This computer has no time zone called {zone}', { zone }));
        // Empty when the present zone has no file; such a zone cannot be set again.
        const before = clock.Timezone;
        return {
            title: _('Set the time zone to {zone}', { zone }),
            steps: [setZone(zone)],
            risk: 'low',
            riskText: _('Clocks will show the time in {zone}. Some programs must be restarted first.', {
                zone,
            }),
            undo:
                before === ''
                    ? null
                    : { text: _('Sets the time zone back to {zone}', { zone: before }), steps: [setZone(before)] },
            authentication: true,
            preconditions: { 'timedate1 Timezone': before },
        };
    },
});

function setZone(zone: string): Step {
    return {
        description: _('Set the time zone to {zone}', { zone }),
        command: `timedatectl set-timezone ${zone}`,
        // The second argument: whether polkit may ask for a password.
        call: { bus: 'system', ...timedate, member: 'SetTimezone', signature: 'sb', arguments: [zone, true] },
    };
}
