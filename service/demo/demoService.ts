import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { reloadStep, unitStep } from '../actions/units/unitPlan.ts';
import type { Executor } from '../execution/executor.ts';
import { _ } from '../i18n/i18n.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import type { Step } from '../model/proposal.ts';
import type { TimelineEntry } from '../model/timelineEntry.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { ReeveError, messageOf } from '../util/errors.ts';
import { demoMark, demoUnit, isOfDemo, isThere, type DemoFiles } from './files.ts';

/** Milliseconds in which the watch of files has to notice a change, and a step has to end. */
const limits = { noticing: 20_000, steps: 30_000 };
const unit = { scope: 'user', name: demoUnit } as const;

/** A service of the user's own that waits, where its setting says so. A mistake in that setting breaks it. */
export class DemoService {
    readonly #files: DemoFiles;
    readonly #timeline: Timeline;
    readonly #systemd: Pick<Systemd, 'unit'>;
    readonly #executor: Pick<Executor, 'run'>;

    constructor(dependencies: {
        files: DemoFiles;
        timeline: Timeline;
        systemd: Pick<Systemd, 'unit'>;
        executor: Pick<Executor, 'run'>;
    }) {
        this.#files = dependencies.files;
        this.#timeline = dependencies.timeline;
        this.#systemd = dependencies.systemd;
        this.#executor = dependencies.executor;
    }

    /**
     * Starts it and breaks it.
     *
     * @throws ReeveError InvalidState where somebody else has a file of that name; Unavailable when the watch of files does not
     * notice the demo's, or the service manager does not run it; what `signal` is aborted with
     */
    async break(signal: AbortSignal): Promise<void> {
        const { unit: unitFile, settings } = this.#files;
        for (const path of [unitFile, settings])
            if ((await isThere(path)) && !(await isOfDemo(path)))
                throw new ReeveError('InvalidState', _('{path} exists already, so the demo leaves it alone', { path }));
        await this.remove();
        await mkdir(dirname(unitFile), { recursive: true });
        // The time makes each demo a change of its own in the timeline.
        const head = `${demoMark}\n# ${new Date().toISOString()}\n`;
        await replace(unitFile, `${head}${unitText(settings)}`);
        // What Reeve has not seen before the mistake it could not restore.
        await this.#noticed(settings, () => replace(settings, `${head}MODE=wait\n`), signal);
        await this.#run([reloadStep('user'), unitStep('StartUnit', unit)], signal);
        await this.#noticed(settings, () => replace(settings, `${head}MODE=wiat\n`), signal);
        await this.#run([unitStep('RestartUnit', unit)], signal);
    }

    /**
     * Stops it and deletes its files, those of an earlier demo included.
     *
     * @throws ReeveError Unavailable when the service manager does not do its part; the files are deleted all the same
     */
    async remove(): Promise<void> {
        const ours: string[] = [];
        for (const path of [this.#files.unit, this.#files.settings]) if (await isOfDemo(path)) ours.push(path);
        if (ours.length === 0) return;
        try {
            if (ours.includes(this.#files.unit) && (await this.#state()) !== null) {
                await this.#run([unitStep('StopUnit', unit)]);
                // The manager forgets one that was not failed, and has nothing to reset then.
                if ((await this.#state()) === 'failed') await this.#run([unitStep('ResetFailedUnit', unit)]);
            }
        } finally {
            // Also while the session ends, when no manager stops anything for us any more.
            for (const path of ours) await rm(path, { force: true });
            await this.#run([reloadStep('user')]);
        }
    }

    /** null where the manager knows no such unit. */
    async #state(): Promise<string | null> {
        try {
            return (await this.#systemd.unit('user', demoUnit))?.activeState ?? null;
        } catch (error) {
            throw new ReeveError('Unavailable', messageOf(error), { cause: error });
        }
    }

    /** Until what `change` does to a file is in the timeline. */
    async #noticed(path: string, change: () => Promise<void>, signal: AbortSignal): Promise<void> {
        signal.throwIfAborted();
        const { promise, resolve, reject } = Promise.withResolvers<undefined>();
        // Changes of several files may be added in one go.
        const added = ({ kind, subject, event }: TimelineEntry) => {
            if (kind === 'file' && subject === path && event !== 'removed') resolve(undefined);
        };
        const aborted = () => {
            reject(signal.reason);
        };
        const giveUp = setTimeout(() => {
            const reason = _('Reeve did not notice the change of {path}: does it watch files?', { path });
            reject(new ReeveError('Unavailable', reason));
        }, limits.noticing);
        this.#timeline.on('added', added);
        signal.addEventListener('abort', aborted);
        try {
            await Promise.all([promise, change()]);
        } finally {
            this.#timeline.off('added', added);
            signal.removeEventListener('abort', aborted);
            clearTimeout(giveUp);
        }
    }

    async #run(steps: readonly Step[], cancel?: AbortSignal): Promise<void> {
        const limit = AbortSignal.timeout(limits.steps);
        const signal = cancel === undefined ? limit : AbortSignal.any([limit, cancel]);
        const { result, detail } = await this.#executor.run(steps, { progress: () => undefined, signal });
        cancel?.throwIfAborted();
        if (result !== 'done') throw new ReeveError('Unavailable', detail);
    }
}

/**
 * It ends by itself, without a failure, should Reeve not live to remove it. "$$" is a dollar for the shell: systemd.service(5),
 * "Command lines".
 */
function unitText(settings: string): string {
    return `[Unit]
Description=Reeve’s demo
[Service]
EnvironmentFile=${settings.replaceAll('%', '%%')}
ExecStart=/bin/sh -c 'test "$$MODE" = wait || { echo "MODE has to be wait, not $$MODE" >&2; exit 1; }; exec sleep 20m'
`;
}

/** The old content or the new one, never a part. The watch of files passes drafts of that name by. */
async function replace(path: string, text: string): Promise<void> {
    const draft = `${path}.${randomBytes(4).toString('hex')}.tmp`;
    try {
        // Never through what somebody else has put there.
        await writeFile(draft, text, { flag: 'wx' });
        await rename(draft, path);
    } catch (error) {
        await rm(draft, { force: true });
        throw error;
    }
}
