import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import {
    argvFor,
    atPosition,
    connector,
    keptCheck,
    mode,
    readPlaces,
    revert,
    revertText,
    type Asked,
    type Monitor,
    type Place,
} from './displays.ts';

const parameters = z.strictObject({
    connector,
    mode: mode.nullable(),
    /** In percent. */
    scale: z.int().min(50).max(400).nullable(),
});
type Wanted = z.infer<typeof parameters>;
/** The one screen, with what it shows. */
type Screen = Monitor & Pick<Place, 'scale' | 'transform'>;

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
            steps: [{ description: title, ...programStep('user', argvForScreen(screen, after)) }],
            risk: 'low',
            riskText: revertText(),
            undo: {
                text: _('Sets it back'),
                steps: [
                    {
                        description: _('Set {name} as it was', { name: called }),
                        ...programStep('user', argvForScreen(screen, screen)),
                    },
                ],
            },
            authentication: false,
            preconditions: { [screen.connector]: JSON.stringify([screen.mode, screen.scale, screen.transform]) },
        };
    },
    verifyTime: revert.after,
    async verify(wanted, asked) {
        const isSo = ([only]: Place[]) =>
            (wanted.mode ?? only?.monitors[0]?.mode) === only?.monitors[0]?.mode &&
            (wanted.scale ?? only?.scale) === only?.scale;
        return await keptCheck(isSo, asked);
    },
});

/** @throws ReeveError InvalidState where there is no such screen, or several, whose arrangement a person has to see */
async function requireScreen(asked: Asked): Promise<Screen> {
    const [only, ...others] = await readPlaces(asked);
    const [own, ...mirrors] = only?.monitors ?? [];
    if (only === undefined || own === undefined || others.length + mirrors.length > 0)
        throw new ReeveError(
            'InvalidState',
            _('With several screens, say “open the display settings”: they show how the screens are arranged'),
        );
    return { ...own, scale: only.scale, transform: only.transform };
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

function argvForScreen(screen: Screen, to: { mode: string; scale: number }) {
    const { transform } = screen;
    const monitors = [{ ...screen, mode: to.mode }];
    return argvFor([{ isPrimary: true, scale: to.scale, transform, at: atPosition({ x: 0, y: 0 }), monitors }]);
}
