import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import { readTimedate, timedate } from '../../machine/time/timedate.ts';
import { defineAction } from '../action.ts';

const none = z.strictObject({});

/** Turns the setting of the clock over the network on; org.freedesktop.timedate1(5). */
export const clockSynchronise = defineAction({
    name: 'clock.synchronise',
    parameters: none,
    proposable: ['task'],
    wishes: [
        {
            phrases: {
                en: [
                    '(sync|synchronize|synchronise|set|correct) (clock|time) [automatically|over network]',
                    'clock is wrong',
                    'fix clock',
                ],
                de: [
                    '(uhr|uhrzeit|zeit) (synchronisieren|automatisch stellen)',
                    '(synchronisiere|stelle) (uhr|uhrzeit|zeit) [automatisch]',
                    'uhr geht (falsch|vor|nach)',
                ],
                ar: ['(زامن|مزامنة|اضبط) (ساعة|وقت)'],
            },
            parameters: () => [{}],
        },
    ],
    async plan(_parameters, { machine, signal }) {
        const clock = await readTimedate(machine?.system ?? null, signal);
        if (!clock?.CanNTP)
            throw new ReeveError('InvalidState', _('No service on this computer can set the clock over the network'));
        if (clock.NTP) throw new ReeveError('InvalidState', _('The clock is already set over the network'));
        return {
            title: _('Set the clock over the network'),
            steps: [setNtp(true)],
            risk: 'low',
            riskText: _('The clock may jump to the correct time.'),
            undo: { text: _('Turns network time off again'), steps: [setNtp(false)] },
            authentication: true,
            preconditions: { 'timedate1 NTP': String(clock.NTP) },
        };
    },
});

function setNtp(isOn: boolean): Step {
    return {
        description: isOn ? _('Turn on network time') : _('Turn off network time'),
        command: `timedatectl set-ntp ${String(isOn)}`,
        // The second argument: whether polkit may ask for a password.
        call: { bus: 'system', ...timedate, member: 'SetNTP', signature: 'bb', arguments: [isOn, true] },
    };
}
