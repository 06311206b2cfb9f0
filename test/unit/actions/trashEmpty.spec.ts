import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { Contents } from '../../../service/store/contents.ts';
import { managerOf, recordedUnits } from '../../support/recordedUnits.ts';

describe('Emptying the trash', () => {
    let home: string;
    let before: string | undefined;
    beforeEach(() => {
        home = mkdtempSync(join(tmpdir(), 'reeve-trash-'));
        before = process.env.HOME;
        process.env.HOME = home;
    });
    afterEach(() => {
        process.env.HOME = before;
        rmSync(home, { recursive: true });
    });
    const plan = () => {
        const contents = new Contents(join(home, 'state'));
        const actions = new Actions({ ...managerOf(recordedUnits(262)), contents, machine: null });
        const fix = { action: 'trash.empty', parameters: {}, explanation: '' };
        return actions.plan(fix, new AbortController().signal);
    };

    it('is nothing to do where nothing lies in it', async () => {
        await expectAsync(plan()).toBeRejectedWith(jasmine.objectContaining({ code: 'InvalidState' }));
        mkdirSync(join(home, '.local/share/Trash/files'), { recursive: true });
        await expectAsync(plan()).toBeRejectedWith(jasmine.objectContaining({ code: 'InvalidState' }));
    });

    it('forgets where things came from only once all of them are deleted', async () => {
        const trash = join(home, '.local/share/Trash');
        for (const folder of ['files', 'info']) mkdirSync(join(trash, folder), { recursive: true });
        writeFileSync(join(trash, 'files/letter.odt'), '');
        const [step] = (await plan()).steps;
        const [files, info, ...more] = step?.commands ?? [];
        expect(files).toMatch(`find ${trash}/files -xdev -mindepth 1 -delete$`);
        expect(info).toMatch(`find ${trash}/info -xdev -mindepth 1 -delete$`);
        expect(more).toEqual([]);
    });

    it('says that nothing brings it back, and what was thrown away since is not in the plan', async () => {
        mkdirSync(join(home, '.local/share/Trash/files'), { recursive: true });
        writeFileSync(join(home, '.local/share/Trash/files/letter.odt'), '');
        const planned = await plan();
        const trash = join(home, '.local/share/Trash');
        expect(planned.steps[0]?.command).toMatch(`find ${trash}/files -xdev -mindepth 1 -delete$`);
        expect([planned.risk, planned.undo, planned.authentication]).toEqual(['high', null, false]);
        writeFileSync(join(home, '.local/share/Trash/files/other.odt'), '');
        expect((await plan()).preconditions).not.toEqual(planned.preconditions);
        rmSync(join(home, '.local/share/Trash/files/letter.odt'));
        // As many as before, but others.
        expect((await plan()).preconditions).not.toEqual(planned.preconditions);
    });
});
