import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import { readTimedate, timedate } from '../../machine/time/timedate.ts';
import { defineAction, noParameters, valueCheck } from '../action.ts';
import type { Surroundings } from '../surroundings.ts';
import { anyOf, turnOff } from '../wish.ts';

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Turns the setting of the clock over the network on; org.freedesktop.timedate1(5). */
export const clockSynchronise = defineAction({
    name: 'clock.synchronise',
    parameters: noParameters,
    proposable: ['task'],
    wishes: [
        {
            phrases: {
                en: [
                    '(sync|synchronize|synchronise|set|correct) (clock|time) [automatically|over network]',
                    '(sync|synchronize|synchronise) (clock|time) with (internet|network|time server)',
                    '(set|adjust) (clock|time) automatically',
                    'clock is wrong',
                    'fix clock',
                ],
                de: [
                    '(uhr|uhrzeit|zeit) (synchronisieren|automatisch stellen|automatisch einstellen)',
                    '(synchronisiere|stelle) (uhr|uhrzeit|zeit) [automatisch]',
                    'uhr geht (falsch|vor|nach)',
                ],
                ar: ['(زامن|مزامنة|اضبط) (ساعة|وقت)'],
            },
            parameters: () => [{}],
        },
    ],
    plan: async (_parameters, asked) => await plan(true, asked),
    verify: async (_parameters, asked) => await verify(true, asked),
});

/** Turns the setting of the clock over the network off, so that a person can set it. */
export const clockManual = defineAction({
    name: 'clock.manual',
    parameters: noParameters,
    wishes: [
        {
            phrases: anyOf(
                turnOff({
                    en: ['(network time|automatic time|ntp|time synchronization|time synchronisation|time sync)'],
                    de: ['(netzwerkzeit|automatische uhrzeit|ntp|zeitsynchronisation|zeitsynchronisierung)'],
                    ar: ['(وقت (تلقائي|شبكة)|مزامنة وقت|ntp)'],
                }),
                {
                    en: [
                        '(do not|dont|stop) (set|setting|sync|synchronize|synchronise|synchronizing) (clock|time) [automatically]',
                    ],
                    de: ['(uhr|uhrzeit|zeit) nicht [mehr] (automatisch stellen|synchronisieren)'],
                    ar: ['لا (تزامن|تضبط) (ساعة|وقت) [تلقائيا]'],
                },
            ),
            parameters: () => [{}],
        },
    ],
    plan: async (_parameters, asked) => await plan(false, asked),
    verify: async (_parameters, asked) => await verify(false, asked),
});

async function plan(isWanted: boolean, { machine, signal }: Asked) {
    const clock = await readTimedate(machine?.system ?? null, signal);
    if (clock === null || (isWanted && !clock.CanNTP))
        throw new ReeveError('InvalidState', _('No service on this computer can set the clock over the network'));
    if (clock.NTP === isWanted)
        throw new ReeveError(
            'InvalidState',
            isWanted ? _('The clock is already set over the network') : _('The clock is not set over the network'),
        );
    return {
        title: isWanted ? _('Set the clock over the network') : _('Stop setting the clock over the network'),
        steps: [setNtp(isWanted)],
        risk: 'low' as const,
        riskText: isWanted
            ? _('The clock may jump to the correct time.')
            : _('The clock may slowly become wrong. Secure websites fail when it is far off.'),
        undo: {
            text: isWanted ? _('Turns network time off again') : _('Turns network time on again'),
            steps: [setNtp(!isWanted)],
        },
        authentication: true,
        preconditions: { 'timedate1 NTP': String(clock.NTP) },
    };
}

async function verify(isWanted: boolean, { machine, signal }: Asked) {
    const clock = await readTimedate(machine?.system ?? null, signal);
    return valueCheck(clock?.NTP === isWanted);
}

function setNtp(isOn: boolean): Step {
    return {
        description: isOn ? _('Turn on network time') : _('Turn off network time'),
        command: `timedatectl set-ntp ${String(isOn)}`,
        // The second argument: whether polkit may ask for a password.
        call: { bus: 'system', ...timedate, member: 'SetNTP', signature: 'bb', arguments: [isOn, true] },
    };
}
