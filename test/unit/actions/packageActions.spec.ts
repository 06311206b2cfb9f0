import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { Contents } from '../../../service/store/contents.ts';
import { filesOf } from '../../../service/tools/machine.ts';
import type { Machine } from '../../../service/tools/machine.ts';
import { managerOf, recordedUnits } from '../../support/recordedUnits.ts';

/** What apt-get of Debian trixie, forky and sid prints of such sources, and dpkg-query of what was unpacked (seen there). */
const simulated = {
    older: 'Inst bench-tool [1.1] (1.0 localhost [all])\nConf bench-tool (1.0 localhost [all])\n',
    withOthers:
        'Inst libtool [1.1] (1.0 Debian:13.2/stable [amd64])\nInst bench-tool [1.1] (1.0 localhost [all])\nConf bench-tool (1.0 localhost [all])\n',
    again: 'Inst bench-tool (1.0 localhost [all])\nConf bench-tool (1.0 localhost [all])\n',
    removal: 'Remv bench-needy [1.0]\n',
    more: 'Inst libneeded (2.0 Debian:13.2/stable [amd64])\nConf libneeded (2.0 Debian:13.2/stable [amd64])\nConf bench-needy (1.0 now [all])\n',
    onlySetUp: 'Conf bench-broken (1.0 now [all])\n',
};

describe('The actions on packages', () => {
    let directory: string;
    let asked: string[];
    /** What apt-get prints when the beginning of its arguments is this. */
    let answers: [RegExp, string][];

    beforeEach(() => {
        if (!existsSync('/usr/bin/apt-get')) pending('there is no apt-get here');
        directory = mkdtempSync(join(tmpdir(), 'reeve-packages-'));
        asked = [];
        answers = [];
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    const plan = (action: string, parameters: Record<string, unknown>) => {
        const machine: Machine = {
            ...filesOf(directory),
            run: (program, argv) => {
                const command = [program, ...argv].join(' ');
                asked.push(command);
                if (program === 'dpkg-query') return Promise.resolve('ii |bash\niU |bench-needy\n');
                return Promise.resolve(answers.find(([of]) => of.test(command))?.[1] ?? '');
            },
        };
        const contents = new Contents(join(directory, 'state'));
        const actions = new Actions({ ...managerOf(recordedUnits(262)), contents, machine });
        return actions.plan({ action, parameters, explanation: 'Why.' }, new AbortController().signal);
    };
    const refused = jasmine.objectContaining({ code: 'InvalidState' });
    const revert = (more: Record<string, unknown> = {}) =>
        plan('packages.revert', { name: 'bench-tool', before: '1.0', after: '1.1', restart: null, ...more });

    it('install the version that was there before, and can install the newer one again', async () => {
        answers = [
            [
                /^apt-cache madison bench-tool$/,
                ' bench-tool | 1.1 | file:/run/source ./ Packages\n bench-tool | 1.0 | file:/run/source ./ Packages\n',
            ],
            [/bench-tool=1\.0$/, simulated.older],
        ];
        const { title, steps, undo, risk, authentication } = await revert();
        expect(title).toBe('Install bench-tool 1.0 again');
        expect(steps.length).toBe(1);
        expect(steps[0]?.command).toMatch(
            / --assume-yes .*--force-confold --allow-downgrades --no-remove install -- bench-tool=1\.0$/,
        );
        expect(undo?.steps[0]?.command).toMatch(/ --no-remove install -- bench-tool=1\.1$/);
        expect([risk, authentication]).toEqual(['medium', true]);
        expect(asked.filter(command => !command.startsWith('apt-get --simulate '))).toEqual([
            'apt-cache madison bench-tool',
        ]);
    });

    it('say what else would change, and promise no way back from that', async () => {
        answers = [[/bench-tool=1\.0$/, simulated.withOthers]];
        const { steps, undo } = await revert();
        expect(steps[0]?.description).toBe('Install libtool 1.0, bench-tool 1.0');
        expect(undo).toBeNull();
    });

    it('promise no way back to a version that its source does not have any more', async () => {
        answers = [[/bench-tool=1\.0$/, simulated.older]];
        expect((await revert()).undo).toBeNull();
    });

    it('install anew what was removed, and can remove it again', async () => {
        answers = [[/bench-tool=1\.0$/, simulated.again]];
        const { steps, undo } = await revert({ after: null });
        expect(steps[0]?.command).toMatch(/ install -- bench-tool=1\.0$/);
        expect(undo?.steps[0]?.command).toMatch(/\/dpkg --remove bench-tool$/);
    });

    it('start the unit with it that failed', async () => {
        answers = [[/bench-tool=1\.0$/, simulated.older]];
        const restart = { scope: 'system', unit: 'sample-exit.service', reset: false };
        const { steps } = await revert({ restart });
        expect(steps.map(({ call }) => call.member)).toEqual(['StartTransientUnit', 'Reload', 'RestartUnit']);
    });

    it('go back to no version that is not to be had, nor from one that is not there', async () => {
        await expectAsync(revert()).toBeRejectedWith(refused);
        answers = [[/bench-tool=1\.0$/, simulated.older]];
        await expectAsync(revert({ after: '1.2' })).toBeRejectedWith(refused);
        await expectAsync(revert({ after: null })).toBeRejectedWith(refused);
    });

    for (const [field, value] of [
        ['name', '--purge'],
        ['name', 'a b'],
        ['before', '-1'],
        ['before', '1.0 other'],
        ['after', '1.1;x'],
    ] as const) {
        it(`take no ${field} such as “${value}”`, async () => {
            await expectAsync(revert({ [field]: value })).toBeRejectedWith(
                jasmine.objectContaining({
                    code: 'InvalidArgument',
                    message: jasmine.stringMatching(`packages.revert: ${field} `),
                }),
            );
            expect(asked).toEqual([]);
        });
    }

    it('complete what lacks other packages, or remove what cannot be completed', async () => {
        answers = [[/--fix-broken install$/, simulated.more]];
        const completed = await plan('packages.complete', {});
        expect(completed.steps[0]?.description).toBe('Install libneeded 2.0');
        expect(completed.steps[0]?.command).toMatch(/ --fix-broken install$/);
        expect([completed.risk, completed.undo]).toEqual(['medium', null]);
        answers = [[/--fix-broken install$/, simulated.removal]];
        const removed = await plan('packages.complete', {});
        expect([removed.steps[0]?.description, removed.risk]).toEqual(['Remove bench-needy', 'medium']);
        expect(removed.preconditions).not.toEqual(completed.preconditions);
    });

    it('want it typed where packages would go that are not broken', async () => {
        answers = [[/--fix-broken install$/, `${simulated.removal}Remv gnome-shell [48.4-1~deb13u1]\n`]];
        expect((await plan('packages.complete', {})).risk).toBe('high');
    });

    it('complete nothing where no package lacks another', async () => {
        answers = [[/--fix-broken install$/, simulated.onlySetUp]];
        await expectAsync(plan('packages.complete', {})).toBeRejectedWith(refused);
    });
});
