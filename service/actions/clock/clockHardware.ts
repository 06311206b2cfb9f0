import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import { readTimedate, timedate } from '../../machine/time/timedate.ts';
import { defineAction } from '../action.ts';

const parameters = z.strictObject({ local: z.boolean() });

/**
 * Has the hardware clock read as UTC or as local time; org.freedesktop.timedate1(5). It is set from the clock of the system,
 * which therefore has to be right.
 */
export const clockHardware = defineAction({
    name: 'clock.hardware',
    parameters,
    wishes: [
        {
            phrases: {
                en: ['(keep|store|use|set) {zone} (in|for) hardware clock', 'set hardware clock to {zone}'],
                de: ['{zone} in hardwareuhr verwenden', '(stelle|setze) hardwareuhr auf {zone}'],
                ar: ['(اضبط|استخدم) ساعة عتاد على {zone}'],
            },
            slots: { zone: { local: ['(local time|ortszeit|lokale zeit|توقيت محلي)'], utc: ['utc'] } },
            parameters: ({ zone }) => [{ local: zone === 'local' }],
        },
    ],
    async plan({ local }, { machine, signal }) {
        const clock = await readTimedate(machine?.system ?? null, signal);
        if (clock === null) throw new ReeveError('InvalidState', _('No service on this computer manages the clock'));
        if (clock.LocalRTC === local)
            throw new ReeveError('InvalidState', _('The hardware clock already uses that setting'));
        if (!clock.NTPSynchronized)
            throw new ReeveError('InvalidState', _('The clock is not synchronised and may itself be wrong'));
        return {
            title: local
                ? _('Keep local time in the hardware clock, as Windows does')
                : _('Keep UTC in the hardware clock'),
            steps: [setLocal(local)],
            risk: 'low',
            riskText: local
                ? _('After daylight saving time begins or ends, the clock may be an hour off until it is synchronised.')
                : _(
                      'Another system on this computer that expects local time shows the wrong time until it synchronises its clock.',
                  ),
            undo: { text: _('Restores the previous setting of the hardware clock'), steps: [setLocal(!local)] },
            authentication: true,
            preconditions: { 'timedate1 LocalRTC': String(clock.LocalRTC) },
        };
    },
});

function setLocal(isLocal: boolean): Step {
    return {
        description: isLocal ? _('Set the hardware clock to local time') : _('Set the hardware clock to UTC'),
        command: `timedatectl set-local-rtc ${String(isLocal)}`,
        // Whether the system clock follows the hardware clock, and whether polkit may ask for a password.
        call: {
            bus: 'system',
            ...timedate,
            member: 'SetLocalRTC',
            signature: 'bbb',
            arguments: [isLocal, false, true],
        },
    };
}
