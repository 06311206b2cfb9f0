import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { diagnose, faultyComputer, findingsOf, incidentOf } from '../../../support/faultyComputer.ts';

/** As a program of the session writes it, which nobody has to believe. */
const complaint = {
    _UID: 1000,
    _COMM: 'editor',
    _SYSTEMD_USER_UNIT: 'app-editor-7.scope',
    MESSAGE: 'inotify_add_watch(/home/alice/src) failed: No space left on device',
};

describe('A program that may watch no more files', () => {
    const computer = faultyComputer();
    /** A process with one instance of inotify. */
    const watching = (watches: number) => {
        const lines = Array.from(
            { length: watches },
            (_unused, index) => `inotify wd:${index + 1} ino:9e7e sdev:800013`,
        );
        computer.write(
            'proc/4711/fdinfo/7',
            ['pos:\t0', 'flags:\t00', 'mnt_id:\t15', 'ino:\t60', ...lines, ''].join('\n'),
        );
        mkdirSync(join(computer.root, 'proc/4711/fd'), { recursive: true });
        symlinkSync('anon_inode:inotify', join(computer.root, 'proc/4711/fd/7'));
        symlinkSync('/home/alice/notes', join(computer.root, 'proc/4711/fd/8'));
    };
    beforeEach(() => {
        computer.write('proc/sys/fs/inotify/max_user_watches', '8192\n');
        computer.write('proc/sys/fs/inotify/max_user_instances', '128\n');
    });

    it('is an incident where the limit is reached, and raising it is offered', async () => {
        watching(8000);
        const [finding, ...others] = await findingsOf(complaint, computer.check);
        expect(others).toEqual([]);
        expect(finding).toEqual(
            jasmine.objectContaining({ family: 'limits', kind: 'inotify', scope: 'system', subject: 'file watches' }),
        );
        const incident = incidentOf('limits', 'inotify', { ...finding });
        const [fix] = diagnose(incident).fixes;
        if (fix === undefined) throw new Error('nothing is offered');
        const { steps } = await computer.actions.plan(fix, new AbortController().signal);
        expect(steps[0]?.command).toContain('sysctl --write fs.inotify.max_user_watches=32768');
        // Once it was raised, it is over.
        computer.write('proc/sys/fs/inotify/max_user_watches', '32768\n');
        expect(await computer.isGone(incident, 0, { afterFix: true })).toBeTrue();
    });

    it('is none where the limit is far away, or nothing says how far', async () => {
        watching(4000);
        expect(await findingsOf(complaint, computer.check)).toEqual([]);
        computer.remove('proc/sys');
        expect(await findingsOf(complaint, computer.check)).toEqual([]);
    });

    it('is told from one that finds no instance left', async () => {
        watching(10);
        computer.write('proc/sys/fs/inotify/max_user_instances', '1\n');
        const failed = { ...complaint, MESSAGE: 'Unable to create inotify instance: Too many open files' };
        const [finding] = await findingsOf(failed, computer.check);
        expect(finding?.kind).toBe('inotify-instances');
        const [fix] = diagnose(incidentOf('limits', 'inotify-instances')).fixes;
        expect(fix?.parameters).toEqual({ limit: 'max_user_instances' });
    });
});
