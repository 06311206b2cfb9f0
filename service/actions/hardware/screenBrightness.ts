import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { listNames, readText } from '../../machine/machine.ts';
import type { Step } from '../../model/proposal.ts';
import { defineAction, valueCheck } from '../action.ts';
import type { Surroundings } from '../surroundings.ts';

/** As the kernel calls it, such as "intel_backlight". */
const device = z.string().regex(/^[A-Za-z0-9][\w:.-]{0,63}$/);
/** 0 may turn the screen off. */
const parameters = z.strictObject({ device, percent: z.int().min(1).max(100) });
type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };
type Backlight = { device: string; value: number; most: number };

/** What "dimmer" and "brighter" add. Percent. */
const stride = 20;

const screen = '[screen|display|monitor|screen brightness]';
const bildschirm = '[bildschirm|display|bildschirmhelligkeit|helligkeit]';

/** Sets the brightness of the built-in screen; SetBrightness() of org.freedesktop.login1(5), which the session's own user may call. */
export const screenBrightness = defineAction({
    name: 'screen.brightness',
    parameters,
    proposable: ['task'],
    touches: ({ device: of }) => [`backlight ${of}`],
    wishes: [
        {
            phrases: {
                en: [
                    `(dim|brighten) ${screen} to {number} [percent]`,
                    '(set|change|turn) [screen] brightness [of screen] [down|up] to {number} [percent]',
                    '[screen] brightness {number} [percent]',
                ],
                de: [
                    `(dimme|stelle|setze) ${bildschirm} auf {number} [prozent]`,
                    `${bildschirm} auf {number} [prozent] (dimmen|stellen|setzen)`,
                ],
                ar: ['(اضبط|اجعل|اخفض|ارفع) سطوع [شاشة] (إلى|على) {number} [بالمئة]'],
            },
            parameters: async ({ number }, asked) => {
                const { data: percent } = parameters.shape.percent.safeParse(Number(number));
                return percent === undefined ? [] : [{ device: (await requireBacklight(asked)).device, percent }];
            },
        },
        {
            phrases: {
                en: [
                    '(dim|darken) (screen|display)',
                    'make (screen|display) (darker|dimmer|less bright)',
                    '(reduce|lower|decrease|turn down) [screen] brightness',
                    '(screen|display) [is] too bright',
                ],
                de: [
                    '(bildschirm|display) (dimmen|abdunkeln|dunkler [machen|stellen])',
                    '(mach|mache|stelle) (bildschirm|display) dunkler',
                    '(bildschirm|display) ist [mir] zu hell',
                    '(helligkeit|bildschirmhelligkeit) (verringern|senken|reduzieren)',
                ],
                ar: ['(اخفض|قلل) (سطوع|إضاءة) [شاشة]', 'شاشة ساطعة جدا'],
            },
            parameters: async (_slots, asked) => await by(-stride, asked),
        },
        {
            phrases: {
                en: [
                    'brighten (screen|display)',
                    'make (screen|display) (brighter|lighter)',
                    '(increase|raise|turn up) [screen] brightness',
                    '(screen|display) [is] too (dark|dim)',
                ],
                de: [
                    '(bildschirm|display) (aufhellen|heller [machen|stellen])',
                    '(mach|mache|stelle) (bildschirm|display) heller',
                    '(bildschirm|display) ist [mir] zu dunkel',
                    '(helligkeit|bildschirmhelligkeit) (erhöhen|anheben)',
                ],
                ar: ['(ارفع|زد) (سطوع|إضاءة) [شاشة]', 'شاشة (معتمة|مظلمة) جدا'],
            },
            parameters: async (_slots, asked) => await by(stride, asked),
        },
    ],
    async plan({ device: of, percent }, asked) {
        const { device: found, value, most } = await requireBacklight(asked);
        if (found !== of) throw new ReeveError('InvalidState', _('This screen is not connected any more'));
        const after = levelOf(percent, most);
        if (after === value) throw new ReeveError('InvalidState', _('The setting already has this value'));
        const title = _('Set the brightness of the screen to {percent}%', { percent });
        return {
            title,
            steps: [set(title, of, after)],
            risk: 'low',
            riskText: _('Only the screen changes.'),
            undo: { text: _('Sets it back'), steps: [set(_('Set the earlier brightness'), of, value)] },
            authentication: false,
            preconditions: { [of]: String(value) },
        };
    },
    async verify({ percent }, asked) {
        const { value, most } = await requireBacklight(asked);
        // Drivers round to the steps that they have, of which there may be few.
        return valueCheck(Math.abs(value - levelOf(percent, most)) <= Math.max(1, most / 50));
    },
});

/** Never dark: nobody could see to undo that. */
function levelOf(percent: number, most: number): number {
    return Math.max(1, Math.round((most * percent) / 100));
}

async function by(change: number, asked: Asked) {
    const { device: of, value, most } = await requireBacklight(asked);
    const percent = Math.min(100, Math.max(5, Math.round((value * 100) / most) + change));
    return [{ device: of, percent }];
}

/** The first of /sys/class/backlight that has a name of its kind. @throws ReeveError InvalidState where there is none */
async function requireBacklight({ machine }: Asked): Promise<Backlight> {
    const folder = '/sys/class/backlight';
    const names = machine === null ? [] : (await listNames(machine, folder)).sort();
    for (const name of names) {
        const read = async (file: string) =>
            Number((machine && (await readText(machine, `${folder}/${name}/${file}`, 64)))?.trim() || NaN);
        const [value, most] = [await read('brightness'), await read('max_brightness')];
        if (device.safeParse(name).success && value >= 0 && most > 0) return { device: name, value, most };
    }
    throw new ReeveError('InvalidState', _('The brightness of this screen cannot be set from here'));
}

function set(description: string, of: string, value: number): Step {
    const target = ['org.freedesktop.login1', '/org/freedesktop/login1/session/auto', 'org.freedesktop.login1.Session'];
    const [destination = '', path = '', name = ''] = target;
    return {
        description,
        command: `busctl call ${target.join(' ')} SetBrightness ssu backlight ${of} ${value}`,
        call: {
            bus: 'system',
            destination,
            path,
            interface: name,
            member: 'SetBrightness',
            signature: 'ssu',
            arguments: ['backlight', of, value],
        },
    };
}
