import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction, valueCheck } from '../action.ts';
import { anyOf, hide, show, turnOff, turnOn, type Phrases } from '../wish.ts';
import { switchOf, switches, type SwitchName } from './desktopSettings.ts';
import { readKey, writeKey } from './gsettings.ts';

const names = Object.keys(switches) as [SwitchName, ...SwitchName[]];
const parameters = z.strictObject({ setting: z.enum(names), on: z.boolean() });
const nothing: Phrases = { en: [], de: [], ar: [] };

/** Turns a setting of the desktop on or off; only those of desktopSettings.ts. */
export const settingSwitch = defineAction({
    name: 'setting.switch',
    parameters,
    proposable: ['task'],
    touches: ({ setting }) => [`setting ${setting}`],
    wishes: names.flatMap(setting =>
        [true, false].map(on => ({
            phrases: phrasesFor(setting, on),
            parameters: () => [{ setting, on }],
        })),
    ),
    async plan({ setting, on }, { machine, signal }) {
        const row = switchOf(setting);
        const value = on ? row.on : row.off;
        const before = await readKey(row, machine, signal);
        if (before === value)
            throw new ReeveError('InvalidState', on ? _('This is already on') : _('This is already off'));
        const thing = row.name();
        const title = on ? _('Turn on {thing}', { thing }) : _('Turn off {thing}', { thing });
        return {
            title,
            steps: [writeKey(title, row, value)],
            risk: 'low',
            riskText: row.note?.() ?? _('Only this setting changes, and only for you.'),
            undo: {
                text: _('Sets it back'),
                steps: [writeKey(_('Set {thing} back to {value}', { thing, value: before }), row, before)],
            },
            authentication: false,
            preconditions: { [`${row.schema} ${row.key}`]: before },
        };
    },
    async verify({ setting, on }, { machine, signal }) {
        const row = switchOf(setting);
        return valueCheck((await readKey(row, machine, signal)) === (on ? row.on : row.off));
    },
});

function phrasesFor(setting: SwitchName, on: boolean): Phrases {
    const { called, opposite = nothing, said = { on: nothing, off: nothing }, isShown } = switchOf(setting);
    const [direct, contrary, visible] = on ? [turnOn, turnOff, show] : [turnOff, turnOn, hide];
    return anyOf(
        direct(called),
        contrary(opposite),
        on ? said.on : said.off,
        ...(isShown === true ? [visible(called)] : []),
    );
}
