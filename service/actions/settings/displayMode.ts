import timers from 'node:timers/promises';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { askMethod } from '../../machine/properties.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineAction } from '../action.ts';
import { programStep, type Argv } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

/** Of a screen, as the kernel calls its connector, such as "eDP-1"; a mode, as Mutter calls it, such as "1920x1080@60.000". */
const connector = z.string().regex(/^[A-Za-z0-9][\w-]{0,31}$/);
const mode = z.string().regex(/^[A-Za-z0-9][\w.@+-]{0,63}$/);
const parameters = z.strictObject({
    connector,
    mode: mode.nullable(),
    /** In percent. */
    scale: z.int().min(50).max(400).nullable(),
});
type Wanted = z.infer<typeof parameters>;
type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

const name = 'org.gnome.Mutter.DisplayConfig';
const object = { destination: name, path: '/org/gnome/Mutter/DisplayConfig', interface: name };
/** The reply of GetCurrentState; data/dbus-interfaces/org.gnome.Mutter.DisplayConfig.xml of Mutter. */
const id = z.tuple([z.string(), z.string(), z.string(), z.string()]);
const modes = z.array(
    z
        .tuple([z.string(), z.number(), z.number(), z.number(), z.number(), z.array(z.number())])
        .rest(z.unknown())
        .transform(([own, width, height, rate, , scales, about]) => ({
            own,
            width,
            height,
            rate,
            scales: scales.map(percent),
            isCurrent: z.object({ 'is-current': z.unknown() }).safeParse(about).success,
        })),
);
const monitors = z.array(z.tuple([id, modes, z.record(z.string(), z.unknown())]));
const logical = z.array(
    z.tuple([z.number(), z.number(), z.number(), z.number(), z.boolean(), z.array(id)]).rest(z.unknown()),
);
const state = z.tuple([z.number(), monitors, logical]).rest(z.unknown());

type Screen = {
    connector: string;
    title: string;
    mode: string;
    scale: number;
    transform: number;
    modes: z.infer<typeof modes>;
};

/** The Shell asks for 20 seconds, and takes a moment to go back. Milliseconds. */
const revert = { after: 22_000, interval: 2000 };

/** MetaMonitorTransform, as gdctl(1) names each. */
const transforms = ['normal', '90', '180', '270', 'flipped', 'flipped-90', 'flipped-180', 'flipped-270'];

function percent(scale: number): number {
    return Math.round(scale * 100);
}

/** Sets the resolution or the scale of the one screen. The Shell asks whether it can be seen, and goes back by itself after 20 seconds. */
export const displayMode = defineAction({
    name: 'display.mode',
    parameters,
    touches: ({ connector: of }) => [`screen ${of}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(set|change) [screen|display|monitor] resolution [of screen] to {size}',
                    '(set|change|switch) (screen|display|monitor) to {size}',
                    'use [screen] resolution {size}',
                ],
                de: [
                    '[bildschirmauflösung|auflösung] auf {size} (ändern|setzen|stellen|umstellen)',
                    '(stelle|setze|ändere) (auflösung|bildschirmauflösung) auf {size}',
                ],
                ar: ['(اضبط|غير) دقة [شاشة] [إلى|على] {size}'],
            },
            parameters: async ({ size = '' }, asked) => {
                const [, width, height] = /^(\d{3,5})\s*(?:x|×|by|mal|\*)\s*(\d{3,5})$/i.exec(size.trim()) ?? [];
                if (width === undefined) return [];
                const screen = await requireScreen(asked);
                const [best] = screen.modes
                    .filter(each => each.width === Number(width) && each.height === Number(height))
                    .sort((one, other) => other.rate - one.rate);
                if (best === undefined)
                    throw new ReeveError('InvalidState', _('{name} cannot show {size}', { name: screen.title, size }));
                return [{ connector: screen.connector, mode: best.own, scale: null }];
            },
        },
        {
            phrases: {
                en: [
                    '(set|change) [screen|display|monitor] (scale|scaling|zoom) [of screen] to {number} [percent]',
                    'scale (screen|display|monitor|everything) to {number} [percent]',
                ],
                de: [
                    '(skalierung|bildschirmskalierung) auf {number} [prozent] (ändern|setzen|stellen)',
                    '(stelle|setze) (skalierung|bildschirmskalierung) auf {number} [prozent]',
                ],
                ar: ['(اضبط|غير) (مقياس|تحجيم) شاشة [إلى|على] {number}'],
            },
            parameters: async ({ number }, asked) => {
                const { data: scale } = parameters.shape.scale.safeParse(Number(number));
                if (scale === undefined) return [];
                return [{ connector: (await requireScreen(asked)).connector, mode: null, scale }];
            },
        },
        {
            phrases: {
                en: [
                    'make everything (bigger|larger)',
                    'everything is too small',
                    'make (screen|display) content (bigger|larger)',
                ],
                de: ['(mach|mache) alles größer', 'alles größer machen', 'alles ist zu klein'],
                ar: ['كبر كل شيء', 'كل شيء صغير'],
            },
            parameters: async (_slots, asked) => await nextScale(asked, 1),
        },
        {
            phrases: {
                en: [
                    'make everything smaller',
                    'everything is too (big|large)',
                    'make (screen|display) content smaller',
                ],
                de: ['(mach|mache) alles kleiner', 'alles kleiner machen', 'alles ist zu groß'],
                ar: ['صغر كل شيء', 'كل شيء كبير'],
            },
            parameters: async (_slots, asked) => await nextScale(asked, -1),
        },
    ],
    async plan(wanted, asked) {
        const screen = await requireScreen(asked);
        const { title: called } = screen;
        if (screen.connector !== wanted.connector)
            throw new ReeveError('InvalidState', _('This screen is not connected any more'));
        const after = { mode: wanted.mode ?? screen.mode, scale: wanted.scale ?? screen.scale };
        const to = screen.modes.find(each => each.own === after.mode);
        if (to === undefined) throw new ReeveError('InvalidState', _('The screen does not have this resolution'));
        // Of a smaller resolution, the scale may be too large.
        if (!to.scales.includes(after.scale) && wanted.scale === null) after.scale = 100;
        if (!to.scales.includes(after.scale)) throw notScalable(called, to.scales);
        if (after.mode === screen.mode && after.scale === screen.scale)
            throw new ReeveError('InvalidState', _('The setting already has this value'));
        const title =
            wanted.mode === null
                ? _('Scale {name} to {scale} percent', { name: called, scale: after.scale })
                : _('Set {name} to {width} × {height} pixels', { name: called, width: to.width, height: to.height });
        return {
            title,
            steps: [{ description: title, ...programStep('user', argvFor(screen, after)) }],
            risk: 'low',
            riskText: _('The screen asks whether to keep this, and goes back by itself after 20 seconds.'),
            undo: {
                text: _('Sets it back'),
                steps: [
                    {
                        description: _('Set {name} as it was', { name: called }),
                        ...programStep('user', argvFor(screen, screen)),
                    },
                ],
            },
            authentication: false,
            preconditions: { [screen.connector]: JSON.stringify([screen.mode, screen.scale, screen.transform]) },
        };
    },
    verifyTime: revert.after,
    async verify(wanted, asked) {
        // A change that nobody keeps is there at first.
        for (let waited = 0; ; waited += revert.interval) {
            const now = await requireScreen(asked);
            const gone = now.mode === (wanted.mode ?? now.mode) && now.scale === (wanted.scale ?? now.scale);
            if (!gone && waited === 0) return { gone, detail: _('The setting has another value now') };
            if (!gone) return { gone, detail: _('The screen went back, as nobody chose to keep the change') };
            if (waited >= revert.after) return { gone, detail: '' };
            await timers.setTimeout(revert.interval, undefined, { signal: asked.signal });
        }
    },
});

/** @throws ReeveError InvalidState where there is no such screen, or several, whose arrangement a person has to see */
async function requireScreen({ machine, signal }: Asked): Promise<Screen> {
    const { data } = state.safeParse(await askMethod(machine?.session ?? null, object, 'GetCurrentState', signal));
    const [only, ...others] = data?.[2] ?? [];
    const [of, ...mirrors] = only?.[5] ?? [];
    if (data === undefined || only === undefined || of === undefined)
        throw new ReeveError('InvalidState', _('The desktop does not say what screens there are'));
    if (others.length + mirrors.length > 0)
        throw new ReeveError(
            'InvalidState',
            _('With several screens, say “open the display settings”: they show how the screens are arranged'),
        );
    const [, own = [], about = {}] = data[1].find(([[each]]) => each === of[0]) ?? [];
    const current = own.find(({ isCurrent }) => isCurrent);
    if (
        current === undefined ||
        !connector.safeParse(of[0]).success ||
        !own.every(each => mode.safeParse(each.own).success)
    )
        throw new ReeveError('InvalidState', _('The desktop does not say what screens there are'));
    const variant = z.object({ 'display-name': z.object({ value: z.string() }) }).safeParse(about);
    return {
        connector: of[0],
        title: safeText(variant.data?.['display-name'].value ?? '', 100) || of[0],
        mode: current.own,
        scale: percent(only[2]),
        transform: only[3],
        modes: own,
    };
}

async function nextScale(asked: Asked, step: 1 | -1): Promise<Wanted[]> {
    const screen = await requireScreen(asked);
    const { scales = [] } = screen.modes.find(each => each.own === screen.mode) ?? {};
    const further = scales
        .filter(scale => (scale - screen.scale) * step > 0)
        .sort((one, other) => (one - other) * step);
    // The smallest step that one sees.
    const next = further.find(scale => Math.abs(scale - screen.scale) >= 20) ?? further[0];
    if (next === undefined) throw notScalable(screen.title, scales);
    return [{ connector: screen.connector, mode: null, scale: next }];
}

function notScalable(called: string, scales: readonly number[]): ReeveError {
    return new ReeveError(
        'InvalidState',
        _('{name} can be scaled to {scales} percent', { name: called, scales: scales.join(', ') }),
    );
}

/** gdctl(1) comes with Mutter since GNOME 48. It takes a scale as Mutter lists it, and finds the nearest. */
function argvFor({ connector: of, transform }: Screen, to: { mode: string; scale: number }): Argv {
    return [
        ...(['gdctl', 'set', '--persistent', '--logical-monitor', '--primary'] as const),
        ...[
            '--scale',
            String(to.scale / 100),
            '--transform',
            transforms[transform] ?? 'normal',
            '--x',
            '0',
            '--y',
            '0',
        ],
        ...['--monitor', of, '--mode', to.mode],
    ];
}
