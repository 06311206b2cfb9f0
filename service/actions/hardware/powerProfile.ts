import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import { readProperties } from '../../machine/properties.ts';
import { defineAction, valueCheck } from '../action.ts';
import type { Surroundings } from '../surroundings.ts';
import { anyOf, turnOff, turnOn } from '../wish.ts';

/** The names that power-profiles-daemon gives them; a computer may lack “performance”. */
const profiles = ['power-saver', 'balanced', 'performance'] as const;
type Profile = (typeof profiles)[number];
const parameters = z.strictObject({ profile: z.enum(profiles) });

/** Since power-profiles-daemon 0.20; tuned-ppd has it, too. */
const name = 'org.freedesktop.UPower.PowerProfiles';
const object = { destination: name, path: '/org/freedesktop/UPower/PowerProfiles', interface: name };
const properties = z.object({
    ActiveProfile: z.string(),
    Profiles: z.array(z.object({ Profile: z.string() })).max(16),
});

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

const saver = {
    en: ['(power saver|power saving|battery saver|power save|energy saving|low power) [mode]'],
    de: ['(energiesparmodus|energiesparen|stromsparmodus|akkusparmodus|sparmodus)'],
    ar: ['(وضع|نمط) (توفير طاقة|توفير بطارية)'],
};

/** Chooses between saving power and speed, as the power menu of the desktop does. */
export const powerProfile = defineAction({
    name: 'power.profile',
    parameters,
    proposable: ['task'],
    wishes: [
        {
            phrases: anyOf(turnOn(saver), {
                en: ['save (power|battery|energy)'],
                de: ['(strom|akku|energie) sparen', 'spare (strom|akku|energie)'],
                ar: ['وفر (طاقة|بطارية)'],
            }),
            parameters: () => [{ profile: 'power-saver' }] as const,
        },
        {
            phrases: anyOf(
                turnOff(saver),
                turnOn({
                    en: ['(balanced|normal) (power|power mode|mode|power profile)'],
                    de: ['(ausgeglichenen|ausbalancierten|ausgeglichener) (modus|energiemodus)'],
                    ar: ['(وضع|نمط) (متوازن|متوازنة)'],
                }),
            ),
            parameters: () => [{ profile: 'balanced' }] as const,
        },
        {
            phrases: turnOn({
                en: ['(performance|high performance|full power|maximum performance) [mode|profile]'],
                de: ['(leistungsmodus|hochleistungsmodus|volle leistung|hohe leistung)'],
                ar: ['(وضع|نمط) (أداء|أداء عال)'],
            }),
            parameters: () => [{ profile: 'performance' }] as const,
        },
    ],
    async plan({ profile }, asked) {
        const now = await readProfiles(asked);
        if (!now.known.includes(profile))
            throw new ReeveError(
                'InvalidState',
                _('This computer has no power mode “{profile}”', { profile: nameOf(profile) }),
            );
        if (now.active === profile)
            throw new ReeveError(
                'InvalidState',
                _('The power mode is already “{profile}”', { profile: nameOf(profile) }),
            );
        const before = profiles.find(each => each === now.active);
        return {
            title: _('Set the power mode to “{profile}”', { profile: nameOf(profile) }),
            steps: [choose(profile)],
            risk: 'low',
            riskText:
                profile === 'power-saver'
                    ? _('The computer is slower, and the battery lasts longer.')
                    : profile === 'performance'
                      ? _('The computer needs more power, and its fans may be louder.')
                      : _('Only this setting changes.'),
            undo:
                before === undefined
                    ? null
                    : { text: _('Sets it back to {value}', { value: nameOf(before) }), steps: [choose(before)] },
            authentication: false,
            preconditions: { 'power profile': now.active },
        };
    },
    async verify({ profile }, asked) {
        return valueCheck((await readProfiles(asked)).active === profile);
    },
});

/** @throws ReeveError InvalidState where nothing manages them */
async function readProfiles({ machine, signal }: Asked): Promise<{ active: string; known: string[] }> {
    const { data } = properties.safeParse(
        await readProperties(machine?.system ?? null, object, signal, { start: true }),
    );
    if (data === undefined) throw new ReeveError('InvalidState', _('No service on this computer manages power modes'));
    return { active: data.ActiveProfile, known: data.Profiles.map(({ Profile }) => Profile) };
}

function choose(profile: Profile): Step {
    return {
        description: _('Set the power mode to “{profile}”', { profile: nameOf(profile) }),
        command: `powerprofilesctl set ${profile}`,
        call: {
            bus: 'system',
            destination: object.destination,
            path: object.path,
            interface: 'org.freedesktop.DBus.Properties',
            member: 'Set',
            signature: 'ssv',
            arguments: [object.interface, 'ActiveProfile', { signature: 's', value: profile }],
        },
    };
}

function nameOf(profile: Profile): string {
    switch (profile) {
        case 'power-saver':
            return _('Power Saver');
        case 'balanced':
            return _('Balanced');
        case 'performance':
            return _('Performance');
    }
}
