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
    readPlaces,
    revert,
    revertText,
    type Asked,
    type Monitor,
    type Place,
} from './displays.ts';

const sides = ['left', 'right', 'above', 'below'] as const;
const parameters = z.discriminatedUnion('as', [
    z.strictObject({ as: z.literal('primary'), connector }),
    z.strictObject({ as: z.enum(sides), connector, of: connector }),
    /** Two screens that show the same, or each a part of the desktop. */
    z.strictObject({ as: z.literal('mirrored') }),
    z.strictObject({ as: z.literal('joined') }),
]);
type Wanted = z.infer<typeof parameters>;
type Side = (typeof sides)[number];
type Laid = Parameters<typeof argvFor>[0];

/** Panels of laptops, as the kernel names their connectors; drm_connector_enum_list in drivers/gpu/drm/drm_connector.c. */
const builtIn = /^(?:eDP|LVDS|DSI)/;

const sideOf = {
    left: ['(left|to left)', '(links|links neben)', '(يسار|على يسار)'],
    right: ['(right|to right)', '(rechts|rechts neben)', '(يمين|على يمين)'],
    above: ['(above|over|on top)', '(über|oberhalb)', '(فوق)'],
    below: ['(below|under|underneath)', '(unter|unterhalb)', '(تحت)'],
} as const satisfies Record<Side, readonly string[]>;

/** Says how the screens lie. The Shell asks whether they can be seen so, and goes back by itself after 20 seconds. */
export const displayArrange = defineAction<'display.arrange', Wanted>({
    name: 'display.arrange',
    parameters,
    touches: () => ['screens'],
    wishes: [
        {
            phrases: {
                en: [
                    '(make|set|use) {screen} [as|to] [be] (primary|main) [(screen|display|monitor)]',
                    '(make|set|use) {screen} [as|to] [be] (primary|main) (screen|display|monitor)',
                ],
                de: [
                    '(mach|mache) {screen} zum (hauptbildschirm|hauptmonitor)',
                    '{screen} als (hauptbildschirm|hauptmonitor|primärer bildschirm) (verwenden|benutzen|setzen)',
                    '(benutze|verwende|nimm) {screen} als (hauptbildschirm|hauptmonitor)',
                ],
                ar: ['اجعل {screen} (شاشة رئيسية|رئيسية)'],
            },
            parameters: async ({ screen = '' }, asked) =>
                meant(screen, await readPlaces(asked)).map(each => ({ as: 'primary', connector: each.connector })),
        },
        ...sides.map(as => ({
            phrases: {
                en: [`(put|place|move|set|arrange) {screen} ${sideOf[as][0]} [of] {other}`],
                de: [
                    `(stelle|setze|schiebe|ordne) {screen} ${sideOf[as][1]} [von|neben] {other} [an]`,
                    `{screen} ${sideOf[as][1]} [von|neben] {other} (anordnen|stellen|setzen|schieben)`,
                ],
                ar: [`ضع {screen} ${sideOf[as][2]} {other}`],
            },
            parameters: async ({ screen = '', other = '' }: Readonly<Record<string, string>>, asked: Asked) => {
                const places = await readPlaces(asked);
                const others = meant(other, places);
                return meant(screen, places).flatMap(each =>
                    others.filter(of => of !== each).map(of => ({ as, connector: each.connector, of: of.connector })),
                );
            },
        })),
        {
            phrases: {
                en: [
                    '(mirror|duplicate|clone) [both] (screens|displays|monitors|screen|display)',
                    'show same [thing] on (both|all) (screens|displays|monitors)',
                ],
                de: [
                    '[beide] (bildschirme|monitore|bildschirm) (spiegeln|duplizieren|klonen)',
                    '(spiegle|dupliziere) [beide] (bildschirme|monitore|bildschirm)',
                    'auf (beiden|allen) (bildschirmen|monitoren) dasselbe (zeigen|anzeigen)',
                ],
                ar: ['(انسخ|كرر) (شاشة|شاشات)', 'اعرض نفس شيء على (شاشتين|كل شاشات)'],
            },
            parameters: () => [{ as: 'mirrored' }],
        },
        {
            phrases: {
                en: [
                    '(extend|join) [desktop] [to|over|across] [both] (screens|displays|monitors)',
                    '(stop|do not) (mirror|mirroring) [(screens|displays|monitors)]',
                ],
                de: [
                    '[desktop|schreibtisch] auf beide (bildschirme|monitore) erweitern',
                    '(bildschirme|monitore) nicht [mehr] (spiegeln|duplizieren)',
                ],
                ar: ['(وسع|مدد) سطح مكتب على شاشتين'],
            },
            parameters: () => [{ as: 'joined' }],
        },
    ],
    async plan(wanted, asked) {
        const places = await readPlaces(asked);
        if (isSo(wanted, places)) throw new ReeveError('InvalidState', _('The screens are arranged so already'));
        const title = titleOf(wanted, places);
        const before = places.map(place => ({ ...place, at: atPosition(place) }));
        return {
            title,
            steps: [{ description: title, ...programStep('user', argvFor(laid(wanted, places))) }],
            risk: 'low',
            riskText: revertText(),
            undo: {
                text: _('Sets it back'),
                steps: [
                    {
                        description: _('Arrange the screens as they were'),
                        ...programStep('user', argvFor(before)),
                    },
                ],
            },
            authentication: false,
            preconditions: { screens: argvFor(before).join(' ') },
        };
    },
    verifyTime: revert.after,
    verify: async (wanted, asked) => await keptCheck(places => isSo(wanted, places), asked),
});

/** The screens that a person may mean by some words. */
function meant(said: string, places: readonly Place[]): Monitor[] {
    const all = places.flatMap(place => place.monitors);
    const words = said
        .toLowerCase()
        .replaceAll(/\b(?:screen|display|monitor|bildschirm)\b|(?:ال)?شاشة/g, '')
        .trim();
    const isExternal = /^(?:extern\w*|other|second\w*|anderen?|zweiten?|(?:ال)?(?:خارجية|أخرى))$/.test(words);
    const isOwn = /^(?:built-in|internal|laptop\w*|interne[nr]?|eingebaute[nr]?|(?:ال)?(?:داخلية|مدمجة))$/.test(words);
    if (isExternal || isOwn) return all.filter(each => builtIn.test(each.connector) === isOwn);
    const named = all.filter(each =>
        [each.title.toLowerCase(), each.connector.toLowerCase()].includes(said.toLowerCase()),
    );
    return named.length > 0 || words === '' ? named : all.filter(each => each.title.toLowerCase().includes(words));
}

function isSo(wanted: Wanted, places: readonly Place[]): boolean {
    if (wanted.as === 'mirrored') return places.length === 1 && (places[0]?.monitors.length ?? 0) > 1;
    if (wanted.as === 'joined') return places.length > 1;
    const own = placeOf(wanted.connector, places);
    if (wanted.as === 'primary') return own?.isPrimary === true;
    const other = placeOf(wanted.of, places);
    if (own === undefined || other === undefined) return false;
    const difference = {
        left: other.x - own.x,
        right: own.x - other.x,
        above: other.y - own.y,
        below: own.y - other.y,
    };
    const isAcross = wanted.as === 'left' || wanted.as === 'right' ? own.y === other.y : own.x === other.x;
    return difference[wanted.as] > 0 && isAcross;
}

/** Where each part of the desktop is to be. @throws ReeveError InvalidState where that cannot be */
function laid(wanted: Wanted, places: readonly Place[]): Laid {
    if (wanted.as === 'mirrored') return [mirrored(places)];
    if (wanted.as === 'joined') return joined(places);
    const own = requirePlace(wanted.connector, places);
    if (wanted.as === 'primary')
        return places.map(place => ({ ...place, isPrimary: place === own, at: atPosition(place) }));
    const other = requirePlace(wanted.of, places);
    if (own === other || places.length > 2) throw tooMany();
    // The first is where the desktop begins, and the other one beside it.
    const isFirst = wanted.as === 'left' || wanted.as === 'above';
    const [first, second] = isFirst ? [own, other] : [other, own];
    const beside = wanted.as === 'left' || wanted.as === 'right' ? '--right-of' : '--below';
    return [
        { ...first, at: atPosition({ x: 0, y: 0 }) },
        { ...second, at: [beside, first.monitors[0]?.connector ?? ''] },
    ];
}

/** The largest picture that all of them can show. */
function mirrored(places: readonly Place[]): Laid[number] {
    const all = places.flatMap(place => place.monitors);
    const [first, ...others] = all;
    if (first === undefined || others.length === 0) throw new ReeveError('InvalidState', _('There is only one screen'));
    const fitting = (monitor: Monitor, width: number, height: number) =>
        monitor.modes
            .filter(each => each.width === width && each.height === height)
            .sort((one, other) => other.rate - one.rate)[0];
    const [largest] = first.modes
        .filter(({ width, height }) => others.every(each => fitting(each, width, height) !== undefined))
        .sort((one, other) => other.width * other.height - one.width * one.height);
    if (largest === undefined) throw new ReeveError('InvalidState', _('The screens have no resolution in common'));
    const monitors = all.map(each => ({
        ...each,
        mode: fitting(each, largest.width, largest.height)?.own ?? each.mode,
    }));
    return { scale: 100, transform: 0, isPrimary: true, at: atPosition({ x: 0, y: 0 }), monitors };
}

/** Each beside the one before it, in the resolution that it prefers. */
function joined(places: readonly Place[]): Laid {
    const all = places.flatMap(place => place.monitors);
    if (all.length < 2) throw new ReeveError('InvalidState', _('There is only one screen'));
    return all.map((each, index) => ({
        ...{ scale: 100, transform: 0, isPrimary: index === 0 },
        at: index === 0 ? atPosition({ x: 0, y: 0 }) : ['--right-of', all[index - 1]?.connector ?? ''],
        monitors: [{ ...each, mode: each.modes.find(({ isPreferred }) => isPreferred)?.own ?? each.mode }],
    }));
}

function placeOf(of: string, places: readonly Place[]): Place | undefined {
    return places.find(({ monitors }) => monitors.some(each => each.connector === of));
}

function requirePlace(of: string, places: readonly Place[]): Place {
    const place = placeOf(of, places);
    if (place === undefined) throw new ReeveError('InvalidState', _('This screen is not connected any more'));
    return place;
}

function tooMany(): ReeveError {
    return new ReeveError(
        'InvalidState',
        _('With several screens, say “open the display settings”: they show how the screens are arranged'),
    );
}

function titleOf(wanted: Wanted, places: readonly Place[]): string {
    if (wanted.as === 'mirrored') return _('Show the same on all screens');
    if (wanted.as === 'joined') return _('Extend the desktop over all screens');
    const called = (of: string) =>
        places.flatMap(({ monitors }) => monitors).find(each => each.connector === of)?.title ?? of;
    const name = called(wanted.connector);
    if (wanted.as === 'primary') return _('Make {name} the main screen', { name });
    const other = called(wanted.of);
    if (wanted.as === 'left') return _('Put {name} to the left of {other}', { name, other });
    if (wanted.as === 'right') return _('Put {name} to the right of {other}', { name, other });
    if (wanted.as === 'above') return _('Put {name} above {other}', { name, other });
    return _('Put {name} below {other}', { name, other });
}
