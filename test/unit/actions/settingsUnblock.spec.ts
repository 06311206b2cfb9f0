import { chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { isOwn } from '../../../service/faults/desktop/recovery.ts';
import type { Place } from '../../../service/diagnosis/recovery.ts';
import { Contents } from '../../../service/store/contents.ts';
import { managerOf, recordedUnits } from '../../support/recordedUnits.ts';

const path = '/run/user/1000/dconf/user';

describe('A file of root that blocks settings', () => {
    const { signal } = new AbortController();
    let root: string;
    const plan = (parameters: Record<string, unknown>) => {
        const machine = { root, system: null, session: null, run: () => Promise.resolve(null) };
        const contents = new Contents(join(root, 'state'));
        const actions = new Actions({ ...managerOf(recordedUnits(262)), contents, machine });
        return actions.plan({ action: 'settings.unblock', parameters, explanation: '' }, signal);
    };
    const isOver = async (reason = 'Permission denied', of = path) => {
        const incident = { facts: { path: of, reason } };
        return isOwn.check({ incident, machine: { root } } as unknown as Place);
    };
    /** The path of a file of somebody else in the user's own folder; without the right to change owners, those of root in /etc. */
    const giveAway = () => {
        if (process.getuid?.() === 0) {
            chownSync(join(root, path), 12345, 12345);
            return path;
        }
        rmSync(join(root, dirname(path)), { recursive: true });
        symlinkSync('/etc', join(root, dirname(path)));
        return join(dirname(path), 'passwd');
    };
    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-settings-'));
        mkdirSync(join(root, 'run/user/1000/dconf'), { recursive: true });
        writeFileSync(join(root, path), '');
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    it('is none as long as it is the user’s own', async () => {
        await expectAsync(plan({ path })).toBeRejectedWith(jasmine.objectContaining({ code: 'InvalidState' }));
        expect((await isOver()).gone).toBeTrue();
    });

    it('is removed when it is in the user’s own folder, and is over then', async () => {
        const foreign = giveAway();
        expect((await isOver('Permission denied', foreign)).gone).toBeFalse();
        const { steps, undo, authentication } = await plan({ path: foreign });
        expect(steps[0]?.command.endsWith(`rm --force -- ${foreign}`)).toBeTrue();
        expect([undo, authentication]).toEqual([null, false]);
        rmSync(join(root, dirname(path)), { recursive: true });
        expect((await isOver('Permission denied', foreign)).gone).toBeTrue();
    });

    it('stays where the folder is somebody else’s, too', async () => {
        spyOn(process as { getuid: () => number }, 'getuid').and.returnValue(12345);
        expect((await isOver()).gone).toBeFalse();
        await expectAsync(plan({ path })).toBeRejectedWith(
            jasmine.objectContaining({
                code: 'InvalidState',
                message: `You do not own the folder that contains ${path}`,
            }),
        );
    });

    it('is nothing else, wherever a log says that it is', async () => {
        for (const other of ['/etc/passwd', '/run/user/1000/dconf/../bus', '/run/user/1000/dconf/a b', '--help'])
            await expectAsync(plan({ path: other })).toBeRejectedWith(
                jasmine.objectContaining({ code: 'InvalidArgument' }),
            );
        // A disk that is full says nothing of whose it is.
        expect((await isOver('No space left on device')).isUnknown).toBeTrue();
    });
});
