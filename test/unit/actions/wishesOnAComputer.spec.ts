// Wishes and their plans on a made-up computer.
import fc from 'fast-check';

import { Actions } from '../../../service/actions/actions.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import type { Plan } from '../../../service/model/proposal.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';
import { carryOut } from '../../support/security/changes.ts';
import { Computer, type State } from '../../support/security/computer.ts';
import { anyState } from '../../support/security/generate.ts';

const [somewhere] = fc.sample(anyState, { seed: 14, numRuns: 1 });
if (somewhere === undefined) throw new TypeError('no computer');

const state: State = {
    ...somewhere,
    clock: { Timezone: 'Europe/Berlin', LocalRTC: false, CanNTP: true, NTP: true, NTPSynchronized: true },
    extensions: { 'dock@example.org': { name: 'Dock', enabled: true } },
    packages: { 'bench-tool': '1.0', hexer: '2.0', libneeded: '1.0' },
    sources: { 'bench-tool': ['1.1', '1.0'], hexer: ['2.0', '1.0'], libneeded: ['1.0'] },
    needs: {},
    unpacked: [],
};

describe('On a computer, a wish', () => {
    let programs: Disposable;
    let computer: Computer;
    let home: string | undefined;
    const signal = new AbortController().signal;
    const wished = async (text: string) => {
        const ways = (await readWish(text, { ...computer.surroundings, signal })?.ways()) ?? [];
        return ways.map(({ action, parameters }) => [action, parameters]);
    };
    const plan = async (action: string, parameters: Record<string, unknown>): Promise<Plan> =>
        await new Actions(computer.surroundings).plan({ action, parameters, explanation: '' });
    const refusal = async (action: string, parameters: Record<string, unknown>) =>
        await plan(action, parameters).then(
            () => '',
            (error: unknown) => (error as Error).message,
        );
    /** Whether an applied plan has reached its goal. */
    const applied = async (planned: Plan) => {
        const actions = new Actions(computer.surroundings);
        expect((await actions.verify(planned)).gone)
            .withContext('before')
            .toBeFalse();
        carryOut(computer, planned.steps);
        expect((await actions.verify(planned)).gone)
            .withContext('after')
            .toBeTrue();
    };

    beforeAll(() => {
        programs = pretendPrograms(['apt-get', 'apt-mark', 'dpkg']);
        home = process.env.HOME;
    });
    afterAll(() => {
        programs[Symbol.dispose]();
        process.env.HOME = home;
    });
    beforeEach(async () => {
        computer = await Computer.start(state);
        process.env.HOME = computer.root;
    });
    afterEach(async () => {
        await computer[Symbol.asyncDispose]();
    });

    const dock = { uuid: 'dock@example.org' };
    for (const [text, action, parameters] of [
        ['update bench-tool', 'packages.upgrade', { name: 'bench-tool' }],
        ['install the latest version of bench-tool', 'packages.upgrade', { name: 'bench-tool' }],
        ['bench-tool aktualisieren', 'packages.upgrade', { name: 'bench-tool' }],
        ['حدث الحزمة bench-tool', 'packages.upgrade', { name: 'bench-tool' }],
        ['update everything', 'packages.upgradeAll', {}],
        ['install all updates', 'packages.upgradeAll', {}],
        ['install updates', 'packages.upgradeAll', {}],
        ['Could you update my system?', 'packages.upgradeAll', {}],
        ['Installiere alle Updates', 'packages.upgradeAll', {}],
        ['alle Aktualisierungen einspielen', 'packages.upgradeAll', {}],
        ['حدّث النظام', 'packages.upgradeAll', {}],
        ['refresh the package lists', 'packages.refresh', {}],
        ['Paketquellen aktualisieren', 'packages.refresh', {}],
        ['ابحث عن تحديثات', 'packages.refresh', {}],
        ['remove unused packages', 'packages.autoremove', {}],
        ['Entferne nicht mehr benötigte Pakete', 'packages.autoremove', {}],
        ['احذف الحزم غير المستخدمة', 'packages.autoremove', {}],
        ['finish the interrupted installation', 'packages.configure', {}],
        ['fix broken packages', 'packages.complete', {}],
        ['defekte Pakete reparieren', 'packages.complete', {}],
        ['downgrade hexer', 'packages.revert', { name: 'hexer', before: '1.0', after: '2.0', restart: null }],
        [
            'go back to the previous version of hexer',
            'packages.revert',
            { name: 'hexer', before: '1.0', after: '2.0', restart: null },
        ],
        ['turn off the extension Dock', 'extension.disable', dock],
        ['disable the dock extension', 'extension.disable', dock],
        ['Deaktiviere die Erweiterung Dock', 'extension.disable', dock],
        ['enable extension dock@example.org', 'extension.enable', dock],
        ['شغل الإضافة dock', 'extension.enable', dock],
        ['turn off automatic time', 'clock.manual', {}],
        ['Netzwerkzeit ausschalten', 'clock.manual', {}],
        ['عطل مزامنة الوقت', 'clock.manual', {}],
        ['keep local time in the hardware clock', 'clock.hardware', { local: true }],
        ['Stelle die Hardwareuhr auf UTC', 'clock.hardware', { local: false }],
        ['unlock the account of alice', 'account.unlock', { user: 'alice' }],
        ['Konto von alice entsperren', 'account.unlock', { user: 'alice' }],
        ['let programs watch more files', 'limits.raise', { limit: 'max_user_watches' }],
        ['unblock bluetooth', 'radio.unblock', { radio: 'bluetooth' }],
        ['WLAN entsperren', 'radio.unblock', { radio: 'wlan' }],
        ['reconnect eth0', 'network.reconnect', { interface: 'eth0' }],
    ] as const)
        it(`can be “${text}”`, async () => {
            expect((await wished(text))[0]).toEqual([action, parameters]);
        });

    for (const text of [
        'update the firmware',
        'updates',
        'why did the update fail',
        'Installing updates fails',
        'unlock the screen',
        'reconnect everything',
        'turn off the extension',
        'fix everything',
        'upgrade; rm -rf ~',
        'delete all my files',
    ])
        it(`is not “${text}”`, async () => {
            expect(await wished(text)).toEqual([]);
        });

    it('updates one package, or all, to the versions that are shown', async () => {
        const one = await plan('packages.upgrade', { name: 'bench-tool' });
        expect(one.title).toBe('Update bench-tool to 1.1');
        expect(one.steps[0]?.command).toMatch(/--only-upgrade --no-remove install -- bench-tool=1\.1$/);
        expect(await refusal('packages.upgrade', { name: 'hexer' })).toBe('The package lists have no update for hexer');
        const all = await plan('packages.upgradeAll', {});
        expect(all.title).toBe('Update 1 package');
        await applied(all);
        expect(await refusal('packages.upgradeAll', {})).toBe('The package lists have no updates');
    });

    it('removes only packages that nothing needs, and installs them again as they were', async () => {
        const planned = await plan('packages.autoremove', {});
        expect(planned.steps[0]?.command).toMatch(/dpkg --remove libneeded$/);
        expect(planned.undo?.steps.map(({ command }) => command.split(' -- ')[1])).toEqual([
            'libneeded=1.0',
            'libneeded',
        ]);
        await applied(planned);
        expect(await refusal('packages.autoremove', {})).toBe('Every installed package is needed');
    });

    it('turns an extension on and off', async () => {
        await applied(await plan('extension.disable', dock));
        expect(await refusal('extension.disable', dock)).toBe('The extension dock@example.org is not turned on');
        await applied(await plan('extension.enable', dock));
        expect(await refusal('extension.enable', { uuid: 'gone@example.org' })).toBe(
            'The extension gone@example.org is not installed',
        );
    });

    it('stops setting the clock over the network, and undo starts it again', async () => {
        const planned = await plan('clock.manual', {});
        await applied(planned);
        carryOut(computer, planned.undo?.steps ?? []);
        expect(computer.state.clock.NTP).toBeTrue();
    });
});
