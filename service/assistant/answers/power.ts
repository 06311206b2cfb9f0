import { _ } from '../../i18n/i18n.ts';
import { readPower } from '../../machine/hardware/power.ts';
import type { Battery } from '../../machine/hardware/power.ts';
import type { Answer, Question } from '../answer.ts';
import { item } from '../markup.ts';

export const power: Answer = {
    id: 'power',
    phrases: {
        en: [
            'how (many hours|long) will [the|my] battery last',
            '[remaining] (charge|battery charge)',
            'why is [it|the laptop|my laptop] (plugged in but not charging|not charging)',
            'how much battery [charge] do i have [left]',
            'how is my battery',
            'battery [level|status|health|time]',
            'how (full|worn|good) is [my|the] battery',
            'how much battery is left',
            '[how long] (will|does) the battery last',
            'is [my|the] (laptop|battery) (charging|plugged in|worn)',
            'when will the battery be full',
            'remaining battery time',
            'am i on battery [power]',
            '(which|what) power (profile|mode) is (on|active|set)',
            '(mouse|keyboard) battery',
            'is my keyboard battery low',
        ],
        de: [
            'wie viel akku [habe ich] [noch]',
            '(akkustand|ladestand|batteriestand)',
            'wie (voll|gut) ist [der|mein] akku [noch]',
            'wie lange hält der akku [noch]',
            '[lädt] der (akku|laptop) [lädt]',
            'welches energieprofil ist aktiv',
        ],
        ar: [
            'متى (يكتمل|ينتهي) الشحن',
            'كم (تبقى|بقي) من البطارية',
            'كم (شحن البطارية|بقي من البطارية|بقي من شحن البطارية)',
            'هل البطارية تشحن',
            'كم تدوم البطارية',
        ],
    },
    examples: () => [_('How full is the battery?')],
    async *answer(question) {
        const read = await readPower(question.machine, question.signal);
        if (read === null) {
            yield `${_('Neither UPower nor the kernel reports a battery or a power supply.')}\n`;
            return;
        }
        question.cite(...read.evidence);
        if (read.battery === null) {
            yield `${_('This computer has no battery.')}\n`;
            return;
        }
        yield `${batterySentence(question, read.battery)}\n\n`;
        if (read.plugged !== null)
            yield item(read.plugged ? _('It is running on mains power.') : _('It is running on battery power.'));
        const { health } = read.battery;
        if (health !== null)
            yield item(
                _('A full charge holds {share} of what it held when new.', { share: question.format.percent(health) }),
            );
        question.suggest(_('What used the battery?'));
    },
};

function batterySentence({ format }: Question, { state, level, remaining }: Battery): string {
    const values = { level: format.percent(level), duration: remaining === null ? '' : format.duration(remaining) };
    switch (state) {
        case 'charging':
            return remaining === null
                ? _('The battery is at {level} and charging.', values)
                : _('The battery is at {level} and charging. It will be full in about {duration}.', values);
        case 'discharging':
            return remaining === null
                ? _('The battery is at {level} and in use.', values)
                : _('The battery is at {level} and in use. It will last for about {duration}.', values);
        case 'full':
            return _('The battery is full.', values);
        case 'empty':
            return _('The battery is empty.', values);
        case 'waiting':
        case 'unknown':
            return _('The battery is at {level}.', values);
    }
}
