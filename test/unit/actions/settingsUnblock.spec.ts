import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { isOwn } from '../../../service/diagnosis/conditions/system.ts';
import type { Place } from '../../../service/diagnosis/care/care.ts';
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
    const isOver = async (reason = 'Permission denied') => {
        const incident = { facts: { path, reason } };
        return isOwn.check({ incident, machine: { root } } as unknown as Place);
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
        if (process.getuid?.() !== 0) {
            pending('only root can give a file to somebody else');
            return;
        }
        chownSync(join(root, path), 12345, 12345);
        expect((await isOver()).gone).toBeFalse();
        const { steps, undo, authentication } = await plan({ path });
        expect(steps[0]?.command).toMatch(/rm --force -- \/run\/user\/1000\/dconf\/user$/);
        expect([undo, authentication]).toEqual([null, false]);
        chownSync(join(root, 'run/user/1000/dconf'), 12345, 12345);
        await expectAsync(plan({ path })).toBeRejectedWith(jasmine.objectContaining({ code: 'InvalidState' }));
        chownSync(join(root, 'run/user/1000/dconf'), 0, 0);
        rmSync(join(root, path));
        expect((await isOver()).gone).toBeTrue();
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
