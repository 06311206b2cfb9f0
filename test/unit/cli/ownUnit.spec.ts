import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { restService } from '../../../service/cli/ownUnit.ts';

describe('The unit of the service, while it has to rest', () => {
    let directory: string;
    let path: string | undefined;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-unit-'));
        path = process.env.PATH;
        process.env.PATH = `${directory}:${path ?? ''}`;
    });
    afterEach(() => {
        process.env.PATH = path;
        rmSync(directory, { recursive: true });
    });

    /** @param fails the verb for which systemctl(1) says that it cannot */
    const standIn = (fails = '', words = 'No way') => {
        const program = join(directory, 'systemctl');
        const lines = [
            '#!/bin/sh',
            'echo "$2" >>"$0.calls"',
            `[ "$2" != "${fails}" ] || { printf %s "${words}" >&2; exit 1; }`,
        ];
        writeFileSync(program, lines.join('\n'));
        chmodSync(program, 0o755);
    };
    const calls = () => readFileSync(join(directory, 'systemctl.calls'), 'utf8').trim().split('\n');

    it('is stopped, and started again at the end', async () => {
        standIn();
        const resting = await restService();
        expect(calls()).toEqual(['is-active', 'stop']);
        await resting[Symbol.asyncDispose]();
        expect(calls()).toEqual(['is-active', 'stop', 'start']);
    });

    it('stays as it is where it does not run', async () => {
        standIn('is-active');
        await (await restService())[Symbol.asyncDispose]();
        expect(calls()).toEqual(['is-active']);
    });

    it('is an error with systemd’s own words when it cannot be stopped, or does not start again', async () => {
        standIn('stop');
        await expectAsync(restService()).toBeRejectedWithError(/cannot be stopped: No way$/);
        standIn('start');
        const resting = await restService();
        await expectAsync(Promise.resolve(resting[Symbol.asyncDispose]())).toBeRejectedWithError(
            /does not start again: No way$/,
        );
    });

    it('is an error that says more than nothing where systemctl says nothing', async () => {
        standIn('stop', '');
        await expectAsync(restService()).toBeRejectedWithError(/cannot be stopped: Command failed: systemctl/);
    });
});
