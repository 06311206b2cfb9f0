import { _ } from '../../i18n/i18n.ts';
import { readTemperatures } from '../../machine/hardware/temperatures.ts';
import type { Answer } from '../answer.ts';
import { code, item } from '../markup.ts';

const sensorsShown = 8;
/** Degrees below the critical value at which a sensor is said to be hot. */
const margin = 10;

export const temperature: Answer = {
    id: 'temperature',
    phrases: {
        en: [
            'how (hot|warm) is (the|my) (graphics card|gpu|processor|laptop)',
            '(graphics card|gpu) temperature',
            '[what is] [the] fan speed',
            'how fast (is|does) the fan [spin|turn]',
            'how (hot|warm) is [my|the|this] (cpu|computer|it) [in there]',
            '[cpu] (temperature|temps|temp) [sensors]',
            '(what|which) temperature does [the|my] (laptop|computer|cpu) have',
            'is [it|my computer] [too] (hot|overheating)',
            'why is it so hot',
            'why is my (fan|computer) so loud',
            'why is the fan spinning',
            '[my|the] fans are [running] loud',
        ],
        de: [
            '[wie hoch ist] [die] temperatur der (grafikkarte|cpu|gpu)',
            'wie schnell (dreht|läuft) der lüfter',
            'wie (warm|heiß) ist (der prozessor|mein rechner|der rechner)',
            'welche temperatur hat (mein laptop|der prozessor)',
            'überhitzt [der|mein] (rechner|laptop)',
            'warum ist der lüfter so laut',
        ],
        ar: [
            '[ما|كم] (حرارة|درجة حرارة) (بطاقة الرسوميات|كرت الشاشة|المعالج)',
            'هل ترتفع حرارة (الحاسوب|الجهاز) [كثيرا]',
            'كم [هي] درجة الحرارة',
            'كم درجة حرارة المعالج',
            'هل الجهاز ساخن',
        ],
    },
    examples: () => [_('How hot is this computer?')],
    async *answer(question) {
        const { format } = question;
        const sensors = await readTemperatures(question.machine);
        const [hottest] = sensors;
        if (hottest === undefined) {
            yield `${_('No temperature sensor can be read (/sys/class/hwmon).')}\n`;
            return;
        }
        const hot = sensors.filter(({ celsius, critical }) => critical !== null && celsius >= critical - margin);
        const celsius = format.celsius(hottest.celsius);
        yield `${
            hot.length > 0
                ? _(
                      'It is too hot: a sensor is close to the temperature at which the hardware protects itself. The hottest shows {celsius}.',
                      { celsius },
                  )
                : _('The hottest sensor shows {celsius}. None is close to its critical value.', { celsius })
        }\n\n`;
        for (const sensor of sensors.slice(0, sensorsShown)) {
            question.cite(sensor.evidence);
            const name = code(sensor.label === '' ? sensor.chip : `${sensor.chip} ${sensor.label}`);
            const values = { name, celsius: format.celsius(sensor.celsius) };
            yield item(
                sensor.critical === null
                    ? _('{name}: {celsius}', values)
                    : _('{name}: {celsius}, critical from {critical}', {
                          ...values,
                          critical: format.celsius(sensor.critical),
                      }),
            );
        }
        question.suggest(_('What is using the processor?'));
    },
};
