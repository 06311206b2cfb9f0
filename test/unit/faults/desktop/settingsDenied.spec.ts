import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Place } from '../../../../service/diagnosis/recovery.ts';
import { isOwn } from '../../../../service/faults/desktop/recovery.ts';

const folder = '/run/user/1000/dconf';

describe('Settings that may not be written', () => {
    let root: string;
    const isOver = (path: string) => {
        const incident = { facts: { path, reason: 'Permission denied' } };
        return isOwn.check({ incident, machine: { root } } as unknown as Place);
    };
    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-denied-'));
        mkdirSync(join(root, folder), { recursive: true });
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    it('may be when what was in the way is gone, from a folder of the user’s own', async () => {
        expect((await isOver(`${folder}/user`)).gone).toBeTrue();
        rmSync(join(root, folder), { recursive: true });
        expect((await isOver(folder)).gone).toBeTrue();
        expect((await isOver(`${folder}/user`)).gone).toBeTrue();
    });

    it('may not be in a folder of somebody else, whose files cannot even be seen', async () => {
        spyOn(process as { getuid: () => number }, 'getuid').and.returnValue(12345);
        const detail = `${folder} still belongs to another user`;
        expect(await isOver(`${folder}/user`)).toEqual({ gone: false, detail });
        expect(await isOver(folder)).toEqual({ gone: false, detail });
        rmSync(join(root, folder), { recursive: true });
        expect((await isOver(folder)).gone).toBeFalse();
    });
});
