import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { accountName, readTally } from '../machine/desktop/faillock.ts';
import { oldKernelPackages } from '../machine/packages/oldKernels.ts';
import { readTrash } from '../machine/storage/trash.ts';
import { isWhole, readUnfinished } from '../machine/packages/unfinishedPackages.ts';
import type { Action } from './action.ts';
import { programStep } from './programStep.ts';
import type { Argv } from './programStep.ts';

/** The actions that run one program of the system with a fixed argv, and cannot be taken back. */

const none = z.strictObject({});

/** Bytes that archived journals may hold afterwards: enough for weeks of an ordinary desktop. */
const journalKept = '200M';

/** Deletes the oldest archived journals; journalctl(1), --vacuum-size=. */
export const journalVacuum: Action<z.infer<typeof none>> = {
    name: 'journal.vacuum',
    parameters: none,
    plan: () =>
        planned(() => ({
            title: _('Delete old entries of the log'),
            steps: [
                {
                    description: _('Delete the oldest entries of the log until it takes at most {size}', {
                        size: journalKept,
                    }),
                    ...programStep('system', ['journalctl', `--vacuum-size=${journalKept}`]),
                },
            ],
            risk: 'low',
            riskText: _('What was logged longest ago can no longer be read. Nothing else is lost.'),
            undo: null,
            authentication: true,
            preconditions: {},
        })),
};

/** What each package manager calls it: apt-get(8), dnf(8), pacman(8). */
const cleaners: readonly [string, ...string[]][] = [
    ['apt-get', 'clean'],
    ['dnf', '--assumeyes', 'clean', 'packages'],
    ['pacman', '--sync', '--clean', '--noconfirm'],
];

/** Deletes the packages that were downloaded to be installed, and have been. */
export const packagesCleanCache: Action<z.infer<typeof none>> = {
    name: 'packages.cleanCache',
    parameters: none,
    plan: () =>
        planned(() => ({
            title: _('Delete downloaded packages'),
            steps: [
                {
                    description: _('Delete the packages that were downloaded for installations'),
                    ...programStep('system', firstProgram(cleaners)),
                },
            ],
            risk: 'low',
            riskText: _('They are installed already; one that is needed again is downloaded again.'),
            undo: null,
            authentication: true,
            preconditions: {},
        })),
};

/** Removes the kernels that no start takes any more: all but the one that runs and the newest; apt-get(8). */
export const packagesRemoveKernels: Action<z.infer<typeof none>> = {
    name: 'packages.removeKernels',
    parameters: none,
    async plan(_parameters, { machine, signal }) {
        const packages = machine === null ? [] : await oldKernelPackages(machine, signal);
        if (packages.length === 0) throw new ReeveError('InvalidState', _('There are no old kernels to remove'));
        const names = packages.join(', ');
        return {
            title: _('Remove old kernels'),
            steps: [
                {
                    description: _('Remove {names}', { names }),
                    ...programStep('system', ['apt-get', '--assume-yes', 'remove', '--', ...packages], {
                        environment: ['DEBIAN_FRONTEND=noninteractive'],
                    }),
                },
            ],
            risk: 'medium',
            riskText: _(
                'The kernel that runs and the newest one stay. The others can no longer be chosen at the start.',
            ),
            undo: null,
            authentication: true,
            preconditions: { 'old kernels': names },
        };
    },
};

/**
 * Deletes what its user has thrown away, as the Trash Specification has it. Not by way of gio(1), which deletes what gvfsd-trash
 * knows of, and ends well also where that has missed something.
 */
export const trashEmpty: Action<z.infer<typeof none>> = {
    name: 'trash.empty',
    parameters: none,
    async plan() {
        const trash = join(homedir(), '.local/share/Trash');
        const info = join(trash, 'info');
        const { count, hash } = await readTrash(trash);
        const allIn = (folder: string): Argv => ['find', folder, '-xdev', '-mindepth', '1', '-delete'];
        if (count === 0) throw new ReeveError('InvalidState', _('The trash is empty'));
        return {
            title: _('Empty the trash'),
            steps: [
                {
                    description: _('Delete all that is in the trash ({count})', { count }),
                    // Where each thing came from is kept as long as one of them is there: else what could not be deleted
                    // could not be restored either.
                    ...programStep('user', allIn(join(trash, 'files')), {
                        after: existsSync(info) ? [allIn(info)] : [],
                    }),
                },
            ],
            risk: 'high',
            riskText: _('What is in the trash is deleted for good. Look through it first: nothing brings it back.'),
            undo: null,
            authentication: false,
            preconditions: { trash: hash },
        };
    },
};

/**
 * Finishes what was interrupted, without questions: of configuration files the user's own stay, as dpkg(1) describes
 * --force-confdef and --force-confold.
 */
export const packagesConfigure: Action<z.infer<typeof none>> = {
    name: 'packages.configure',
    parameters: none,
    async plan(_parameters, { machine, signal }) {
        const unfinished = machine === null ? null : await readUnfinished(machine, signal);
        if (unfinished !== null && isWhole(unfinished))
            throw new ReeveError('InvalidState', _('The package manager has nothing left to finish'));
        return {
            title: _('Finish the interrupted installation'),
            steps: [
                {
                    description: _('Set up the packages that were unpacked, keeping your configuration files'),
                    ...programStep('system', ['dpkg', '--force-confdef', '--force-confold', '--configure', '-a'], {
                        environment: ['DEBIAN_FRONTEND=noninteractive'],
                    }),
                },
            ],
            risk: 'medium',
            riskText: _('The packages run their own scripts, and may restart their services.'),
            undo: null,
            authentication: true,
            preconditions: {},
        };
    },
};

const account = z.strictObject({ user: z.string().regex(accountName) });

/** Forgets the failed attempts that locked an account; faillock(8). What locked it otherwise, or has expired, stays so. */
export const accountUnlock: Action<z.infer<typeof account>> = {
    name: 'account.unlock',
    parameters: account,
    async plan({ user }, { machine }) {
        const tally = machine === null ? null : await readTally(machine, user);
        if (tally === null)
            throw new ReeveError('InvalidState', _('Whether attempts have locked {user} cannot be seen', { user }));
        if (!tally.isLocked)
            throw new ReeveError('InvalidState', _('{user} is not locked because of failed attempts', { user }));
        return {
            title: _('Let {user} log in again', { user }),
            steps: [
                {
                    description: _('Forget the failed attempts of {user}', { user }),
                    ...programStep('system', ['faillock', '--user', user, '--reset']),
                },
            ],
            risk: 'medium',
            riskText: _('If it was not you who typed the wrong passwords, somebody may go on guessing.'),
            undo: null,
            authentication: true,
            preconditions: { [`${user} failed attempts`]: `${tally.failures}, the last at ${tally.latest}` },
        };
    },
};

/** Plans are made at once, yet what cannot be done is told as everywhere: by a rejection. */
function planned<Plan>(make: () => Plan): Promise<Plan> {
    return Promise.resolve().then(make);
}

/** @throws ReeveError InvalidState */
function firstProgram(programs: readonly [string, ...string[]][]): [string, ...string[]] {
    const found = programs.find(([name]) => existsSync(`/usr/bin/${name}`));
    if (found === undefined) throw new ReeveError('InvalidState', _('No package manager is known here'));
    return found;
}
