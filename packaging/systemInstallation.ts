/** Installs the mechanism that makes approved changes as root, for the whole computer, and removes it again. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { programStep, type Argv } from '../service/actions/programStep.ts';
import { Executor } from '../service/execution/executor.ts';
import { opener } from '../service/execution/opener.ts';
import { _ } from '../service/i18n/i18n.ts';
import type { Step } from '../service/model/proposal.ts';
import { mechanismRecords as records } from '../service/util/names.ts';
import { InstallationError } from './installation.ts';
import { localFiles, localLibrary } from './manifest.ts';

type File = { from: string; to: string; mode: '644' | '755' };

/** @param built the folder that the build wrote */
async function filesOf(built: string): Promise<File[]> {
    const locale = join(built, 'lib', 'locale');
    const catalogues = (await readdir(locale)).filter(name => name.endsWith('.json'));
    const text = (from: string, to: string): File => ({ from, to, mode: '644' });
    return [
        ...localFiles.map(([file, to]) => text(join(built, 'share', file), to)),
        { from: join(built, 'lib', 'node'), to: join(localLibrary, 'node'), mode: '755' },
        text(join(built, 'lib', 'mechanism.mjs'), join(localLibrary, 'mechanism.mjs')),
        ...catalogues.map(name => text(join(locale, name), join(localLibrary, 'locale', name))),
    ];
}

/**
 * Everything is one call to the system's manager, so it asks once for a password.
 *
 * @throws InstallationError when it could not be done
 */
export async function installForSystem(
    built: string,
    { remove, dryRun, say }: { remove: boolean; dryRun: boolean; say: (line: string) => void },
): Promise<void> {
    const files = await filesOf(built);
    for (const { to } of files) {
        if (remove) say(dryRun ? _('Would remove {path}', { path: to }) : _('Removes {path}', { path: to }));
        else say(dryRun ? _('Would write {path}', { path: to }) : _('Writes {path}', { path: to }));
    }
    if (remove) say(_('The records of changes that were made as root, in {path}, go with it.', { path: records }));
    if (dryRun) return;
    const [first, ...rest] = remove ? removal(files) : installation(files);
    if (first === undefined) return;
    const step: Step = {
        description: _('Waiting for the password'),
        ...programStep('system', first, { after: [...rest, ...reloads] }),
    };
    const executor = new Executor({ open: opener({ session: 'session', system: 'system' }) });
    const { result, detail } = await executor.run([step], { progress: say, signal: new AbortController().signal });
    if (result !== 'done') throw new InstallationError(detail);
    say(
        remove
            ? _('Removed. Changes to the system are made through the system’s service manager again.')
            : _('Installed. From now on, the password dialog shows each change to the system in words.'),
    );
}

/** A pattern: to stop what is not loaded is a failure, to stop nothing is none. */
const stop: Argv = ['systemctl', 'stop', '--', 'reeve-mechanism*.service'];

/** The manager and the bus read what is new; polkitd watches its folder. What is to be replaced would answer on for a minute. */
const reloads: Argv[] = [
    ['systemctl', 'daemon-reload'],
    stop,
    [
        ...(['busctl', 'call', 'org.freedesktop.DBus', '/org/freedesktop/DBus'] as const),
        'org.freedesktop.DBus',
        'ReloadConfig',
    ],
];

function installation(files: readonly File[]): Argv[] {
    return files.map(({ from, to, mode }) => [
        ...(['install', '-D', `--mode=${mode}`, '--no-target-directory', '--'] as const),
        from,
        to,
    ]);
}

function removal(files: readonly File[]): Argv[] {
    return [
        stop,
        ['rm', '--force', '--', ...files.map(({ to }) => to)],
        ['rm', '--recursive', '--force', '--', localLibrary, records],
    ];
}
