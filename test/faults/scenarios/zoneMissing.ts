import { pollAsUsual, pollEvery } from '../polling.ts';
import type { Scenario } from '../scenario.ts';

const zone = (name: string) => ['ln', '--symbolic', '--force', `/usr/share/zoneinfo/${name}`, '/etc/localtime'];

export const scenario: Scenario = {
    title: 'the time zone that is set is not there',
    by: 'provoked',
    prepare: pollEvery(5),
    // A name that Debian has in tzdata-legacy alone.
    provoke: async desktop => {
        await desktop.exec(zone('US/Pacific'));
    },
    patience: 30_000,
    expect: {
        family: 'time',
        subject: 'US/Pacific',
        cause: /is now called America\/Los_Angeles/,
        fix: 'clock.zone',
        changes: /localtime|timezone/,
    },
    clear: async desktop => {
        await pollAsUsual(desktop);
        await desktop.exec(zone('Etc/UTC'));
    },
};
