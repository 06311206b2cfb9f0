import { _ } from '../../i18n/i18n.ts';
import { readPeripherals } from '../../machine/hardware/devices.ts';
import type { Peripheral } from '../../machine/hardware/devices.ts';
import { fact } from '../../machine/evidence.ts';
import { readScreens } from '../../machine/hardware/screens.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain } from '../markup.ts';
import { isOpen } from '../suggestions.ts';
import { describeIncident } from './incidents.ts';

const shown = 12;
const day = 86_400_000_000;
const families = new Set(['usb', 'display', 'graphics', 'bluetooth']);

/** Which devices are plugged in, which came and went, and which failed lately. */
export const peripherals: Answer = {
    id: 'peripherals',
    phrases: {
        en: [
            '(is|does) my (mouse|keyboard|touchpad|webcam|camera) (working|work|connected)',
            'my (mouse|keyboard|touchpad|webcam|camera) (does not work|is not working|is not found|is broken)',
            'is my usb port working',
            '(which|what) usb devices are connected',
        ],
        de: ['funktioniert meine (maus|tastatur|webcam)', 'ist die (maus|tastatur|webcam) kaputt'],
        ar: ['هل تعمل (الفارة|لوحة المفاتيح|الكاميرا)', 'هل (الشاشة|الفارة) معطلة'],
    },
    examples: () => [_('Is my mouse working?')],
    async *answer(question) {
        const { machine, signal, cite } = question;
        const [found, screens] = await Promise.all([readPeripherals(machine.run, signal), readScreens(machine)]);
        const lines = [
            ...(found ?? []).map(describe),
            ...screens.map(({ place }) => _('Screen: {connector}', { connector: code(place) })),
        ];
        if (found !== null)
            cite(
                fact('system', 'udevadm info --export-db', found.map(({ kind, name }) => `${kind} ${name}`).join('; ')),
            );
        if (screens.length > 0) cite(fact('file', '/sys/class/drm', screens.map(({ place }) => place).join('; ')));
        if (lines.length === 0) {
            yield found === null
                ? `${_('udevadm is not available, so connected devices cannot be listed.')}\n`
                : `${_('I see no mouse, keyboard, camera, screen or other USB device here.')}\n`;
        } else {
            yield `${_('This is connected:')}\n\n`;
            for (const line of lines.slice(0, shown)) yield item(line);
            if (lines.length > shown)
                yield item(_('and {count} more', { count: question.format.number(lines.length - shown) }));
        }
        yield* lately(question);
        yield `\n${_('I can see what is connected and what was logged, but not whether a device works as you expect.')}\n`;
    },
};

function* lately(question: Question): Generator<string, void> {
    const { timeline, incidents, clock, format, cite } = question;
    const since = clock() - day;
    const entries = timeline.query({ since, until: clock(), kinds: ['device'], limit: shown });
    if (entries.length > 0) yield `\n${_('In the last day:')}\n\n`;
    for (const { id, summary, time } of entries) {
        cite({ ...fact('system', `timeline entry ${id}`, summary), time });
        yield item(_('{what}, {when}', { what: plain(summary), when: format.when(time) }));
    }
    const ofThem = incidents.list().filter(({ family }) => families.has(family));
    const failed = ofThem.filter(incident => isOpen(incident) || incident.lastSeen >= since).slice(0, shown);
    for (const incident of failed) yield `\n${describeIncident(question, incident)}`;
    if (failed.length === 0) yield `\n${_('No fault of such a device was noticed in the last day.')}\n`;
}

function describe({ kind, name: raw }: Peripheral): string {
    const name = code(raw);
    switch (kind) {
        case 'mouse':
            return _('Mouse: {name}', { name });
        case 'keyboard':
            return _('Keyboard: {name}', { name });
        case 'touchpad':
            return _('Touchpad: {name}', { name });
        case 'camera':
            return _('Camera: {name}', { name });
        case 'usb':
            return _('USB device: {name}', { name });
    }
}
