import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const [timer, service] = ['bench-nightly.timer', 'bench-nightly.service'];
const path = `/etc/systemd/system/${timer}`;
const good = '[Timer]\nOnCalendar=03:00\n';

export const scenario: Scenario = {
    title: 'a mistake in the time of a timer',
    by: 'provoked',
    files: { [path]: good, [`/etc/systemd/system/${service}`]: '[Service]\nType=oneshot\nExecStart=/bin/true\n' },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', timer]);
    },
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'stop', timer]);
        await desktop.exec(['sed', '--in-place', 's/03:00/33:00/', path]);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await failUnit(desktop, timer);
    },
    expect: {
        family: 'configuration',
        subject: path,
        cause: /bench-nightly\.timer was edited .* before/,
        fix: 'file.revert',
        changes: /bench-nightly/,
    },
    clear: async desktop => {
        await desktop.writeFile(path, good);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await stopUnits(desktop, timer, service);
    },
};
