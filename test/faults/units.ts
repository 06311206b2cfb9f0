// Services that fail, for scenarios.
import type { Desktop } from '../desktop/desktop.ts';
import { failUnit } from '../desktop/failingUnits.ts';
import type { Expectation, Scenario } from './scenario.ts';

/**
 * A service that fails when it is started.
 *
 * @param settings of its section [Service]
 */
export function failedService(
    name: string,
    settings: string,
    expect: Pick<Expectation, 'cause' | 'fix' | 'changes'>,
): Omit<Scenario, 'title'> {
    const unit = `${name}.service`;
    return {
        by: 'provoked',
        files: { [`/etc/systemd/system/${unit}`]: `[Service]\n${settings}\n` },
        provoke: desktop => failUnit(desktop, unit),
        expect: { family: 'unit', subject: unit, ...expect },
        clear: desktop => stopUnits(desktop, unit),
    };
}

/**
 * A service that works until somebody edits its unit file: then it does not start any more.
 *
 * @param settings of its section [Service]
 * @param edit for sed
 */
export function editedService(title: string, name: string, settings: string, edit: string): Scenario {
    const unit = `${name}.service`;
    const path = `/etc/systemd/system/${unit}`;
    const failing = failedService(name, settings, {
        cause: new RegExp(`${name}\\.service was edited .* before`),
        fix: 'file.revert',
        changes: new RegExp(name),
    });
    return {
        title,
        ...failing,
        prepare: async desktop => {
            await desktop.exec(['systemctl', 'start', unit]);
        },
        provoke: async desktop => {
            await desktop.exec(['sed', '--in-place', edit, path]);
            await desktop.exec(['systemctl', 'daemon-reload']);
            await desktop.exec(['systemctl', 'stop', unit]);
            await failUnit(desktop, unit);
        },
        clear: async desktop => {
            await desktop.writeFile(path, `[Service]\n${settings}\n`);
            await desktop.exec(['systemctl', 'daemon-reload']);
            await stopUnits(desktop, unit);
        },
    };
}

/** Stops units and has systemd forget how they failed. */
export async function stopUnits(desktop: Desktop, ...units: string[]): Promise<void> {
    await desktop.exec(['systemctl', 'stop', ...units], { mayFail: true });
    await desktop.exec(['systemctl', 'reset-failed', ...units], { mayFail: true });
}

/** For a shell that has started a unit of the user in the background: what is not there yet would end with the shell. */
export function started(unit: string): string {
    return `until systemctl --user is-active --quiet ${unit}; do sleep 0.1; done`;
}
