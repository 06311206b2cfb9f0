import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { ReeveError } from '../../../util/errors.ts';
import { _ } from '../../../i18n/i18n.ts';
import type { Change } from '../../../model/timelineEntry.ts';
import { fixBroken, isNothing, simulateApt } from '../../../machine/packages/aptSimulation.ts';
import { filesOf, inodeOf } from '../../../machine/machine.ts';
import type { Machine } from '../../../machine/machine.ts';
import { run as runProgram } from '../../../machine/run.ts';
import type { Run } from '../../../machine/run.ts';
import { isDpkgBusy, isWhole, readUnfinished } from '../../../machine/packages/unfinishedPackages.ts';
import type { Unfinished } from '../../../machine/packages/unfinishedPackages.ts';
import { SourceUnavailable } from '../../../sources/definition.ts';
import type { SourceDefinition } from '../../../sources/definition.ts';
import { Inotify } from '../../../sources/files/inotify.ts';
import type { WrittenFacts } from '../facts.ts';

/** In milliseconds. */
type Times = {
    /**
     * The delay from dpkg's last activity to the check of what it did, and from that to the second check, which must find the
     * same.
     */
    settle: number;
    /**
     * The delay from the first check whether dpkg is at work to the next, which then grows: nothing reports when a program was
     * killed.
     */
    busy: number;
};

const usualTimes: Times = { settle: 3000, busy: 10_000 };
/** A front end may hold the lock for as long as its window is open. Milliseconds. */
const longestBusy = 60_000;
/** Nobody waits for the answer, and without it a package that lacks others is told as an interrupted installation. Milliseconds. */
const longestQuestion = 60_000;
const packagesShown = 50;
const stateKey = 'installations-unfinished';

/** Interrupted installations of dpkg, and packages whose setup failed, no matter which program installed them. */
export const installations: SourceDefinition = installationsSource();

export function installationsSource(run: Run = runProgram, times: Times = usualTimes): SourceDefinition {
    return {
        name: 'installations',
        async run({ root, database }, outlet, signal) {
            const machine = { ...filesOf(root), run };
            const directory = join(root, 'var/lib/dpkg');
            const inode = await inodeOf(directory);
            if (inode === null)
                throw new SourceUnavailable(_('There is no {program} on this machine', { program: 'dpkg' }));
            using inotify = new Inotify();
            let wake = Promise.withResolvers<undefined>();
            const awake = () => {
                wake.resolve(undefined);
            };
            inotify.on('touched', awake).on('overflow', awake);
            // dpkg truncates its lock there before it does anything: modstatdb_can_lock() of dpkg's lib/dpkg/dbmodify.c.
            const watched = inotify.watch(directory, inode);
            if (watched !== 'watching') throw new Error(_('{path} cannot be watched', { path: directory }));
            signal.addEventListener('abort', awake, { once: true });

            const isStopped = () => signal.aborted;
            const pause = (time: number) => delay(time, undefined, { signal }).catch(() => undefined);
            const settled = async (): Promise<Unfinished | null> => {
                let before = '';
                let busy = times.busy;
                while (!isStopped()) {
                    if (await isDpkgBusy(machine)) {
                        before = '';
                        await pause(busy);
                        busy = Math.min(2 * busy, longestBusy);
                        continue;
                    }
                    const now = await readUnfinished(machine, signal);
                    if (now === null || isWhole(now) || JSON.stringify(now) === before) return now;
                    before = JSON.stringify(now);
                    await pause(times.settle);
                }
                return null;
            };

            while (!isStopped()) {
                const found = await settled();
                if (isStopped()) return;
                const change = found === null ? null : toChange(await namingWhatLacks(machine, found, signal));
                const key = change === null ? '' : `${change.event} ${change.detail}`;
                if (key !== (database.getState(stateKey) ?? '')) {
                    if (change !== null) outlet.emit(change);
                    await outlet.kept();
                    database.setState(stateKey, key);
                }
                outlet.watching();
                await wake.promise;
                await pause(times.settle);
                wake = Promise.withResolvers();
            }
        },
    };
}

/** A package that was only unpacked because it lacks other packages was not interrupted: dpkg gave it up, and would again. */
async function namingWhatLacks(machine: Machine, found: Unfinished, signal: AbortSignal): Promise<Unfinished> {
    const { isInterrupted, unpacked, halfConfigured } = found;
    if (isInterrupted || unpacked.length === 0) return found;
    try {
        if (isNothing(await simulateApt(machine, fixBroken, signal, longestQuestion))) return found;
    } catch (error) {
        if (!(error instanceof ReeveError) || error.code !== 'Unavailable') throw error;
        return found;
    }
    return { isInterrupted, unpacked: [], halfConfigured: [...unpacked, ...halfConfigured] };
}

function toChange({ isInterrupted, unpacked, halfConfigured }: Unfinished): Change | null {
    const packages = [...unpacked, ...halfConfigured].slice(0, packagesShown);
    const [first] = packages;
    const base = {
        time: Date.now() * 1000,
        kind: 'package' as const,
        detail: packages.join('\n'),
        facts: { manager: 'dpkg', packages: packages.join(' ') } satisfies WrittenFacts,
    };
    if (isInterrupted || unpacked.length > 0) {
        return { ...base, event: 'interrupted', subject: 'packages', summary: _('An installation was interrupted') };
    }
    if (first === undefined) return null;
    const summary = _('A package cannot be installed or set up ({subject})', { subject: first });
    return { ...base, event: 'half-configured', subject: first, summary };
}
