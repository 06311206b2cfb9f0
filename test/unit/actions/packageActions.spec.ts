import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { Contents } from '../../../service/store/contents.ts';
import { filesOf } from '../../../service/machine/machine.ts';
import type { Machine } from '../../../service/machine/machine.ts';
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
    let isSlow: boolean;
    /** What apt-get prints when the beginning of its arguments is this. */
    let answers: [RegExp, string][];
    /** What dpkg-query prints about unfinished packages, and about one that was requested differently. */
    let statuses: string;
    let about: string;

    beforeEach(() => {
        if (!existsSync('/usr/bin/apt-get')) pending('there is no apt-get here');
        directory = mkdtempSync(join(tmpdir(), 'reeve-packages-'));
        asked = [];
        isSlow = false;
        answers = [];
        statuses = 'ii |bash\niU |bench-needy\n';
        about = 'no|optional|bench-tool\n';
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
                if (program === 'dpkg-query') return Promise.resolve(argv.includes('--') ? about : statuses);
                if (program === 'dpkg') return Promise.resolve('amd64\n');
                if (program === 'apt-cache' && isSlow)
                    return Promise.reject(new ReeveError('Unavailable', 'apt-cache took too long'));
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
        const { title, steps, undo, risk, riskText, authentication } = await revert();
        expect(title).toBe('Install bench-tool 1.0 again');
        expect(steps.length).toBe(1);
        expect(steps[0]?.command).toMatch(
            / --assume-yes .*--force-confold --allow-downgrades --no-remove install -- bench-tool=1\.0$/,
        );
        expect(undo?.steps[0]?.command).toMatch(/ --no-remove install -- bench-tool=1\.1$/);
        expect([risk, authentication]).toEqual(['high', true]);
        expect(riskText).toMatch(/^The earlier version may be unable to read data that the newer one has converted\. /);
        expect(asked.filter(command => !command.startsWith('apt-get --simulate '))).toEqual([
            'dpkg-query --show --showformat ${Essential}|${Priority}|${source:Package}\\n -- bench-tool',
            'apt-cache madison bench-tool',
        ]);
    });

    for (const vital of ['yes|required|bash', 'no|required|tzdata', 'no|optional|glibc', 'no|important|systemd', '']) {
        it(`go back to no earlier version of what nothing works without: “${vital}”`, async () => {
            answers = [[/bench-tool=1\.0$/, simulated.older]];
            about = `${vital}\n`;
            await expectAsync(revert()).toBeRejectedWith(refused);
        });
    }

    it('say what else would change, and promise no way back from that', async () => {
        answers = [[/bench-tool=1\.0$/, simulated.withOthers]];
        const { steps, undo } = await revert();
        expect(steps[0]?.description).toBe('Install libtool 1.0, bench-tool 1.0');
        expect(undo).toBeNull();
    });

    it('promise no way back to a version that no source has ready to be installed, or that apt takes too long to check', async () => {
        answers = [[/bench-tool=1\.0$/, simulated.older]];
        expect((await revert()).undo).toBeNull();
        answers.push([/^apt-cache/, ' bench-tool | 1.1 | http://archive.example.org/debian trixie/main Sources\n']);
        expect((await revert()).undo).toBeNull();
        isSlow = true;
        expect((await revert()).undo).toBeNull();
    });

    it('reinstall what was removed, and do not remove later what may be another version by then', async () => {
        answers = [[/bench-tool=1\.0$/, simulated.again]];
        const { steps, undo, risk } = await revert({ after: null });
        expect(steps[0]?.command).toMatch(/ install -- bench-tool=1\.0$/);
        expect([risk, undo]).toEqual(['medium', null]);
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
        expect(completed.steps[0]?.command).toMatch(/ --no-remove --fix-broken install$/);
        expect([completed.risk, completed.undo]).toEqual(['medium', null]);
        answers = [[/--fix-broken install$/, simulated.removal]];
        const removed = await plan('packages.complete', {});
        expect([removed.steps[0]?.description, removed.risk]).toEqual(['Remove bench-needy', 'medium']);
        expect(removed.steps.length).toBe(1);
        expect(removed.steps[0]?.command).toMatch(/\/dpkg --remove bench-needy$/);
        expect(removed.preconditions).not.toEqual(completed.preconditions);
    });

    it('want it typed where packages would go that are not broken, whatever apt calls that', async () => {
        answers = [[/--fix-broken install$/, `${simulated.removal}Remv gnome-shell [48.4-1~deb13u1]\n`]];
        expect((await plan('packages.complete', {})).risk).toBe('high');
        // With APT::Get::Purge in its settings (seen with apt 2.6.1).
        answers = [[/--fix-broken install$/, `Purg gnome-shell [48.4-1~deb13u1]\n${simulated.more}`]];
        const { risk, steps } = await plan('packages.complete', {});
        expect(risk).toBe('high');
        expect(steps.map(({ description }) => description)).toEqual(['Remove gnome-shell', 'Install libneeded 2.0']);
        expect(steps[0]?.command).toMatch(/\/dpkg --remove gnome-shell$/);
        expect(steps[1]?.command).toMatch(/ --no-remove --fix-broken install$/);
    });

    it('take a broken package for itself where dpkg names its architecture and apt does not', async () => {
        statuses = 'iU |libneedy:amd64\nii |libneedy:i386\n';
        answers = [[/--fix-broken install$/, 'Remv libneedy [1.0]\n']];
        const { risk, steps } = await plan('packages.complete', {});
        expect(risk).toBe('medium');
        expect(steps[0]?.command).toMatch(/\/dpkg --remove libneedy:amd64$/);
        answers = [[/--fix-broken install$/, 'Remv libneedy:i386 [1.0]\n']];
        expect((await plan('packages.complete', {})).risk).toBe('high');
    });

    it('complete nothing that dpkg has to go over first, nor remove what is no package', async () => {
        answers = [[/--fix-broken install$/, 'Remv --force-all [1.0]\n']];
        await expectAsync(plan('packages.complete', {})).toBeRejectedWith(refused);
        answers = [[/--fix-broken install$/, simulated.more]];
        mkdirSync(join(directory, 'var/lib/dpkg/updates'), { recursive: true });
        writeFileSync(join(directory, 'var/lib/dpkg/updates/0001'), '');
        await expectAsync(plan('packages.complete', {})).toBeRejectedWith(refused);
    });

    it('complete nothing where no package lacks another', async () => {
        answers = [[/--fix-broken install$/, simulated.onlySetUp]];
        await expectAsync(plan('packages.complete', {})).toBeRejectedWith(refused);
    });
});
