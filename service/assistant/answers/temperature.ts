import { _ } from '../../i18n/i18n.ts';
import { readTemperatures } from '../../machine/hardware/temperatures.ts';
import type { Answer } from '../answer.ts';
import { code, item } from '../markup.ts';

const sensorsShown = 8;
/** Degrees below the critical value at which a sensor is said to be hot. */
const margin = 10;

export const temperature: Answer = {
    id: 'temperature',
    keys: [['temperature'], ['temperature', 'processor'], ['temperature', 'disk']],
    also: ['processor', 'disk', 'hardware', 'state', 'full', 'usage', 'slow', 'failure', 'healthy'],
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
