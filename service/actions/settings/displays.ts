/** The screens, as Mutter has them, and how they are set: gdctl(1) comes with Mutter since GNOME 48. */
import timers from 'node:timers/promises';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { askMethod } from '../../machine/properties.ts';
import type { CheckResult } from '../../model/proposal.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Argv } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

export type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Of a screen, as the kernel calls its connector, such as "eDP-1"; a mode, as Mutter calls it, such as "1920x1080@60.000". */
export const connector = z.string().regex(/^[A-Za-z0-9][\w-]{0,31}$/);
export const mode = z.string().regex(/^[A-Za-z0-9][\w.@+-]{0,63}$/);

const name = 'org.gnome.Mutter.DisplayConfig';
const object = { destination: name, path: '/org/gnome/Mutter/DisplayConfig', interface: name };
/** The reply of GetCurrentState; data/dbus-interfaces/org.gnome.Mutter.DisplayConfig.xml of Mutter. */
const id = z.tuple([z.string(), z.string(), z.string(), z.string()]);
const flag = (about: unknown, of: string) => z.object({ [of]: z.unknown() }).safeParse(about).success;
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
            isCurrent: flag(about, 'is-current'),
            isPreferred: flag(about, 'is-preferred'),
        })),
);
export type Modes = z.infer<typeof modes>;
const monitors = z.array(z.tuple([id, modes, z.record(z.string(), z.unknown())]));
const logical = z.array(
    z.tuple([z.number(), z.number(), z.number(), z.number(), z.boolean(), z.array(id)]).rest(z.unknown()),
);
const state = z.tuple([z.number(), monitors, logical]).rest(z.unknown());

/** A screen that shows something. */
export type Monitor = { connector: string; title: string; modes: Modes; mode: string };
/** A part of the desktop, which several screens can show. The scale is in percent. */
export type Place = {
    x: number;
    y: number;
    scale: number;
    transform: number;
    isPrimary: boolean;
    monitors: Monitor[];
};

/** MetaMonitorTransform, as gdctl(1) names each. */
const transforms = ['normal', '90', '180', '270', 'flipped', 'flipped-90', 'flipped-180', 'flipped-270'];

function percent(scale: number): number {
    return Math.round(scale * 100);
}

/** @throws ReeveError InvalidState where the desktop does not say */
export async function readPlaces({ machine, signal }: Asked): Promise<Place[]> {
    const { data } = state.safeParse(await askMethod(machine?.session ?? null, object, 'GetCurrentState', signal));
    const places = data?.[2].map(([x, y, scale, transform, isPrimary, ids]) => ({
        ...{ x, y, scale: percent(scale), transform, isPrimary },
        monitors: ids.flatMap(([of]) => {
            const [, own = [], about = {}] = data[1].find(([[each]]) => each === of) ?? [];
            const current = own.find(({ isCurrent }) => isCurrent);
            const isKnown = connector.safeParse(of).success && own.every(each => mode.safeParse(each.own).success);
            if (current === undefined || !isKnown) return [];
            const variant = z.object({ 'display-name': z.object({ value: z.string() }) }).safeParse(about);
            const title = safeText(variant.data?.['display-name'].value ?? '', 100) || of;
            return [{ connector: of, title, modes: own, mode: current.own }];
        }),
    }));
    if (places === undefined || places.length === 0 || places.some(each => each.monitors.length === 0))
        throw new ReeveError('InvalidState', _('The desktop does not say what screens there are'));
    return places;
}

/** @param places with their positions, or with where they lie beside another one. It takes a scale as Mutter lists it, and finds the nearest. */
export function argvFor(places: readonly (Omit<Place, 'x' | 'y'> & { at: readonly string[] })[]): Argv {
    return [
        ...(['gdctl', 'set', '--persistent'] as const),
        ...places.flatMap(({ isPrimary, scale, transform, at, monitors: shown }) => [
            '--logical-monitor',
            ...(isPrimary ? ['--primary'] : []),
            ...['--scale', String(scale / 100), '--transform', transforms[transform] ?? 'normal'],
            ...at,
            ...shown.flatMap(each => ['--monitor', each.connector, '--mode', each.mode]),
        ]),
    ];
}

/** Where a place is. */
export function atPosition({ x, y }: Pick<Place, 'x' | 'y'>): string[] {
    return ['--x', String(x), '--y', String(y)];
}

/** The Shell asks for 20 seconds, and takes a moment to go back. Milliseconds. */
export const revert = { after: 22_000, interval: 2000 };

/** What the Shell says when it asks whether to keep a change. */
export function revertText(): string {
    return _('The screen asks whether to keep this, and goes back by itself after 20 seconds.');
}

/** Whether the screens are so, and stay so: a change that nobody keeps is there at first. */
export async function keptCheck(isSo: (places: Place[]) => boolean, asked: Asked): Promise<CheckResult> {
    for (let waited = 0; ; waited += revert.interval) {
        const gone = isSo(await readPlaces(asked));
        if (!gone && waited === 0) return { gone, detail: _('The setting has another value now') };
        if (!gone) return { gone, detail: _('The screen went back, as nobody chose to keep the change') };
        if (waited >= revert.after) return { gone, detail: '' };
        await timers.setTimeout(revert.interval, undefined, { signal: asked.signal });
    }
}
