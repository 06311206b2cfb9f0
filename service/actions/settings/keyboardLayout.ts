import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { listNames } from '../../machine/machine.ts';
import { defineAction, valueCheck } from '../action.ts';
import { languagesCalled } from '../languagesCalled.ts';
import type { Surroundings } from '../surroundings.ts';
import { readKey, writeKey } from './gsettings.ts';

/** As xkeyboard-config(7) names layouts; no variant. */
const parameters = z.strictObject({ layout: z.string().regex(/^[a-z]{2,8}$/) });

/** Pairs of a kind and a layout; org.gnome.desktop.input-sources.gschema.xml of gsettings-desktop-schemas. */
const sources = { schema: 'org.gnome.desktop.input-sources', key: 'sources' };
/** Each layout has a file there; xkeyboard-config(7). */
const layoutFiles = '/usr/share/X11/xkb/symbols';
const touches = () => ['keyboard layouts'];
const slots = { layout: languagesCalled('layout') };

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Adds a keyboard layout to those that one can switch between. */
export const keyboardAdd = defineAction({
    name: 'keyboard.add',
    parameters,
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    '(add|install|enable) {layout} [keyboard] (keyboard|layout|input source)',
                    '(add|install|enable) (keyboard|layout|keyboard layout|input source) {layout}',
                ],
                de: [
                    '{layout} (tastaturbelegung|tastatur|tastaturlayout|layout) hinzufügen',
                    '(füge|fuge) {layout} (tastaturbelegung|tastatur|tastaturlayout|layout) hinzu',
                ],
                ar: ['(أضف|إضافة) (تخطيط|لوحة مفاتيح|تخطيط لوحة مفاتيح) {layout}'],
            },
            slots,
            parameters: ({ layout = '' }) => [{ layout }],
        },
    ],
    plan: async ({ layout }, asked) => await plan(layout, true, asked),
    verify: async ({ layout }, asked) => await verify(layout, true, asked),
});

/** Removes a keyboard layout; the last one stays. */
export const keyboardRemove = defineAction({
    name: 'keyboard.remove',
    parameters,
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    '(remove|delete|disable) {layout} [keyboard] (keyboard|layout|input source)',
                    '(remove|delete|disable) (keyboard|layout|keyboard layout|input source) {layout}',
                ],
                de: [
                    '{layout} (tastaturbelegung|tastatur|tastaturlayout|layout) (entfernen|löschen)',
                    '(entferne|lösche) {layout} (tastaturbelegung|tastatur|tastaturlayout|layout)',
                ],
                ar: ['(احذف|أزل|إزالة) (تخطيط|لوحة مفاتيح|تخطيط لوحة مفاتيح) {layout}'],
            },
            slots,
            parameters: ({ layout = '' }) => [{ layout }],
        },
    ],
    plan: async ({ layout }, asked) => await plan(layout, false, asked),
    verify: async ({ layout }, asked) => await verify(layout, false, asked),
});

async function plan(layout: string, isWanted: boolean, asked: Asked) {
    const { machine, signal } = asked;
    const before = await readKey(sources, machine, signal);
    const present = pairsOf(before);
    const own = `('xkb', '${layout}')`;
    // GNOME then uses the layout of the system, which this list would replace.
    if (present.length === 0)
        throw new ReeveError('InvalidState', _('No keyboard layout is chosen in the settings yet'));
    if (present.includes(own) === isWanted)
        throw new ReeveError(
            'InvalidState',
            isWanted
                ? _('The keyboard layout {layout} is already there', { layout })
                : _('The keyboard layout {layout} is not in use', { layout }),
        );
    if (isWanted && !(machine !== null && (await listNames(machine, layoutFiles)).includes(layout)))
        throw new ReeveError('InvalidState', _('There is no keyboard layout {layout}', { layout }));
    if (!isWanted && present.length === 1)
        throw new ReeveError('InvalidState', _('It is the only keyboard layout, so it stays'));
    const after = isWanted ? [...present, own] : present.filter(pair => pair !== own);
    const title = isWanted
        ? _('Add the keyboard layout {layout}', { layout })
        : _('Remove the keyboard layout {layout}', { layout });
    return {
        title,
        steps: [writeKey(title, sources, `[${after.join(', ')}]`)],
        risk: 'low' as const,
        riskText: _('Only this setting changes, and only for you.'),
        undo: { text: _('Sets it back'), steps: [writeKey(_('Set the keyboard layouts back'), sources, before)] },
        authentication: false,
        preconditions: { 'keyboard layouts': before },
    };
}

async function verify(layout: string, isWanted: boolean, { machine, signal }: Asked) {
    return valueCheck(pairsOf(await readKey(sources, machine, signal)).includes(`('xkb', '${layout}')`) === isWanted);
}

/** As gsettings(1) prints them. */
function pairsOf(list: string): string[] {
    return list.match(/\('[^']*', '[^']*'\)/g) ?? [];
}
