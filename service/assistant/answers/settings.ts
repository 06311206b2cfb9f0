import { switches, switchOf, type SwitchName } from '../../actions/settings/desktopSettings.ts';
import type { SlotValues } from '../../actions/wish.ts';
import { _ } from '../../i18n/i18n.ts';
import { fact } from '../../machine/evidence.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Answer } from '../answer.ts';
import { code } from '../markup.ts';

/** Settings that are neither on nor off. */
const others = {
    wallpaper: {
        schema: 'org.gnome.desktop.background',
        key: 'picture-uri',
        called: [
            '(wallpaper|background picture|desktop background)',
            '(hintergrundbild|hintergrund)',
            'خلفية [الشاشة]',
        ],
        tell: (value: string) => _('The wallpaper is {value}.', { value }),
    },
    'keyboard-layouts': {
        schema: 'org.gnome.desktop.input-sources',
        key: 'sources',
        called: ['keyboard (layout|layouts)', '(tastaturbelegung|tastaturlayout)', 'تخطيط لوحة المفاتيح'],
        tell: (value: string) => _('The keyboard layouts are {value}.', { value }),
    },
    'text-scale': {
        schema: 'org.gnome.desktop.interface',
        key: 'text-scaling-factor',
        called: ['(text scaling|text-scaling-factor|text scale|text size)', '(textgröße|textskalierung)', 'حجم النص'],
        tell: (value: string) => _('Text is scaled by {value}.', { value }),
    },
} as const;
const isOther = (name: string): name is keyof typeof others => Object.hasOwn(others, name);
const isSwitch = (name: string): name is SwitchName => Object.hasOwn(switches, name);

/** What a setting of the desktop is set to; those that Reeve can change, and a few more. */
export const settings: Answer = {
    id: 'settings',
    phrases: {
        en: [
            'is [the|my] {switch} (on|off|enabled|disabled|active|set)',
            '(which|what) {value} (do i have|is set|are set|is active|are active|do i use|is used|am i using)',
            'what is the (value|setting) of {value}',
            '[what is] my {value}',
        ],
        de: [
            'ist [der|die|das] {switch} (an|aus|aktiv|eingeschaltet|ausgeschaltet|aktiviert)',
            '(welche|welches|welcher) {value} (habe ich|ist eingestellt|ist aktiv|wird benutzt)',
        ],
        ar: ['هل {switch} (مفعل|مفعلة|يعمل|تعمل)', '(ما|اي) {value} [المستخدمة|المستخدم|الحالي]'],
    },
    slots: {
        switch: valuesOfSwitches(),
        value: Object.fromEntries(Object.entries(others).map(([name, { called }]) => [name, called])),
    },
    examples: () => [_('Which keyboard layouts are set?')],
    async *answer({ said, machine, signal, cite }) {
        const name = said.switch ?? said.value ?? '';
        const row = isOther(name) ? others[name] : isSwitch(name) ? switchOf(name) : null;
        if (row === null) throw new TypeError(`There is no setting ${name}`);
        const output = await machine.run('gsettings', ['get', row.schema, row.key], { signal, limit: 4096 });
        const value = safeText(output?.trim() ?? '', 256);
        if (value === '') {
            yield `${_('This desktop does not have this setting')}\n`;
            return;
        }
        cite(fact('system', `gsettings get ${row.schema} ${row.key}`, value));
        if ('tell' in row) yield `${row.tell(code(value))}\n`;
        else if (value === row.on) yield `${_('On: {thing}.', { thing: row.name() })}\n`;
        else if (value === row.off) yield `${_('Off: {thing}.', { thing: row.name() })}\n`;
        else yield `${_('The setting of {thing} is {value}.', { thing: row.name(), value: code(value) })}\n`;
    },
};

function valuesOfSwitches(): SlotValues {
    return Object.fromEntries(
        Object.entries(switches).map(([name, { called }]) => [name, Object.values(called).flat()]),
    );
}
