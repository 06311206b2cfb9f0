// Services that fail, for scenarios.
import { basename } from 'node:path';

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
    const path = `/etc/systemd/system/${name}.service`;
    const file = { path, content: `[Service]\n${settings}\n` };
    return spoiltService(title, name, settings, file, ['sed', '--in-place', edit, path]);
}

/**
 * A service that works until a file that it needs is spoilt: then it does not start any more.
 *
 * @param settings of its section [Service]
 * @param spoil the command that edits the file
 */
export function spoiltService(
    title: string,
    name: string,
    settings: string,
    { path, content }: { path: string; content: string },
    spoil: readonly string[],
): Scenario {
    const unit = `${name}.service`;
    const failing = failedService(name, settings, {
        cause: new RegExp(`${basename(path).replaceAll('.', String.raw`\.`)} was edited .* before`),
        fix: 'file.revert',
        changes: new RegExp(name),
    });
    return {
        title,
        ...failing,
        files: { ...failing.files, [path]: content },
        prepare: async desktop => {
            await desktop.exec(['systemctl', 'start', unit]);
        },
        provoke: async desktop => {
            await desktop.exec(spoil);
            await desktop.exec(['systemctl', 'daemon-reload']);
            await desktop.exec(['systemctl', 'stop', unit]);
            await failUnit(desktop, unit);
        },
        clear: async desktop => {
            await desktop.writeFile(path, content);
            await desktop.exec(['systemctl', 'daemon-reload']);
            await stopUnits(desktop, unit);
        },
    };
}

/** A service that reads its settings, in JSON, when it is started. @param spoil the command that edits the file at `path` */
export function spoiltSettings(title: string, name: string, spoil: (path: string) => readonly string[]): Scenario {
    const path = `/etc/${name}.json`;
    const program = `import json, time; json.load(open('${path}')); time.sleep(9999)`;
    const file = { path, content: '{ "gears": 3 }\n' };
    return spoiltService(title, name, `ExecStart=/usr/bin/python3 -c "${program}"`, file, spoil(path));
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
