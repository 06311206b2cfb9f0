// Wishes about accounts, firmware, snapshots and devices that were never paired, on a made-up computer.
import fc from 'fast-check';

import type { Computer } from '../../support/security/computer.ts';
import { type State } from '../../support/security/computer.ts';
import { anyState } from '../../support/security/generate.ts';
import { programsOfPlans } from '../../support/security/programs.ts';
import { onEachComputer, wishingOn } from '../../support/security/wishing.ts';

const [somewhere] = fc.sample(anyState, { seed: 14, numRuns: 1 });
if (somewhere === undefined) throw new TypeError('no computer');

const buds = '22:22:22:22:22:22';
const board = '0'.repeat(40);
const german = { locale: 'de_DE.UTF-8' };
const state: State = {
    ...somewhere,
    paired: {},
    near: { [buds]: { name: 'Galaxy Buds', icon: 'audio-headphones' } },
    accounts: [
        { RealName: 'Alice', AccountType: 1, AutomaticLogin: false },
        { RealName: '', AccountType: 0, AutomaticLogin: false },
    ],
    firmware: [{ name: 'System Firmware', to: '1.2' }],
    hasSnapper: true,
    language: 'en_US.UTF-8',
    settings: { ...somewhere.settings, 'org.gnome.system.locale region': "''" },
};

describe('An account, a firmware, a snapshot or a new device', () => {
    let computer: Computer;
    const { wished, plan, refusal, verified, applied } = wishingOn(() => computer);

    onEachComputer(state, programsOfPlans, started => {
        computer = started;
    });

    for (const [said, action, parameters] of [
        ['pair my headphones', 'bluetooth.pair', { address: buds }],
        ['pair Galaxy Buds', 'bluetooth.pair', { address: buds }],
        ['Kopfhörer koppeln', 'bluetooth.pair', { address: buds }],
        ['اقرن السماعات', 'bluetooth.pair', { address: buds }],
        ['make bob an administrator', 'account.kind', { user: 'bob', isAdministrator: true }],
        ['Mach bob zum Administrator', 'account.kind', { user: 'bob', isAdministrator: true }],
        ['اجعل bob مديرا', 'account.kind', { user: 'bob', isAdministrator: true }],
        ['log alice in automatically', 'account.automaticLogin', { user: 'alice', on: true }],
        ['alice automatisch anmelden', 'account.automaticLogin', { user: 'alice', on: true }],
        ['فعل الدخول التلقائي alice', 'account.automaticLogin', { user: 'alice', on: true }],
        ['set the account language to German', 'account.language', german],
        ['show my desktop in German', 'account.language', german],
        ['Stelle die Sprache meines Kontos auf Deutsch', 'account.language', german],
        ['غير لغة الحساب إلى الألمانية', 'account.language', german],
        ['use German formats', 'account.formats', german],
        ['Formate auf Deutsch stellen', 'account.formats', german],
        ['غير التنسيقات إلى الألمانية', 'account.formats', german],
        ['update the firmware', 'firmware.update', { device: board }],
        ['Firmware aktualisieren', 'firmware.update', { device: board }],
        ['حدث البرنامج الثابت', 'firmware.update', { device: board }],
        ['take a snapshot', 'snapshot.make', { config: 'root' }],
        ['Erstelle einen Schnappschuss', 'snapshot.make', { config: 'root' }],
        ['أنشئ لقطة', 'snapshot.make', { config: 'root' }],
    ] as const)
        it(`is changed by “${said}”`, async () => {
            expect((await wished(said))[0]).toEqual([action, parameters]);
        });

    it('has a language and formats of its own, of those that this computer has', async () => {
        for (const action of ['account.language', 'account.formats']) {
            await applied(await plan(action, german));
            expect(await refusal(action, { locale: 'fr_FR.UTF-8' })).toContain('does not have French (France)');
        }
        expect(await refusal('account.language', { locale: 'en_US.UTF-8' })).toBe('The setting already has this value');
    });

    it('is paired, trusted and connected, where it has no code', async () => {
        const planned = await plan('bluetooth.pair', { address: buds });
        expect(planned.steps.map(({ call }) => call.member)).toEqual(['Pair', 'Set', 'Connect']);
        await applied(planned);
        const keyboard = { name: 'K380', icon: 'input-keyboard' };
        computer.state.near = { [buds]: keyboard };
        expect(await refusal('bluetooth.pair', { address: buds })).toBe(
            'K380 may ask for a code. Say “open the Bluetooth settings”.',
        );
        computer.state.near = {};
        expect(await refusal('bluetooth.pair', { address: buds })).toBe(
            'This Bluetooth device is not near, or is paired already',
        );
        // Then the page of the settings, which looks for devices, is what is meant.
        expect((await wished('pair my headphones'))[0]?.[0]).not.toBe('bluetooth.pair');
    });

    it('is an account, of which one administrator stays', async () => {
        await applied(await plan('account.kind', { user: 'bob', isAdministrator: true }));
        expect(await refusal('account.kind', { user: 'alice', isAdministrator: false })).toBe(
            'alice is the only administrator, so it stays one',
        );
        const [way] = await wished('set the full name of alice to Alice Liddell');
        expect(way).toEqual(['account.rename', { user: 'alice', name: 'Alice Liddell' }]);
        await applied(await plan('account.rename', { user: 'alice', name: 'Alice Liddell' }));
        // AccountsService takes back no name that was empty.
        expect((await plan('account.rename', { user: 'bob', name: 'Bob' })).undo).toBeNull();
        for (const name of ['', 'a:b', 'a,b', ' a', 'a\u202eb', 'a\nb'])
            expect(await refusal('account.rename', { user: 'bob', name })).toContain('name');
        expect(await refusal('account.rename', { user: 'root', name: 'Root' })).toBe(
            'There is no account root that AccountsService knows',
        );
    });

    it('is the one account that is logged in by itself', async () => {
        await applied(await plan('account.automaticLogin', { user: 'alice', on: true }));
        const [, bob] = computer.state.accounts;
        if (bob !== undefined) bob.AutomaticLogin = true;
        expect(await refusal('account.automaticLogin', { user: 'alice', on: true })).toBe(
            'Another account is logged in automatically. Turn that off first.',
        );
    });

    it('is the firmware of one device, for which there is an update', async () => {
        const planned = await plan('firmware.update', { device: board });
        expect([planned.title, planned.undo]).toEqual(['Update the firmware of System Firmware to 1.2', null]);
        expect(planned.steps[0]?.command).toMatch(new RegExp(`fwupdmgr update --assume-yes .*${board}$`));
        // Many are installed at the next start.
        expect((await verified(planned)).isUnknown).toBeTrue();
        computer.state.firmware = [];
        expect((await verified(planned)).gone).toBeTrue();
        await expectAsync(wished('update the firmware')).toBeRejectedWithError(
            'All firmware that fwupd knows is up to date',
        );
    });

    it('is a firmware of which nothing is said where fwupd does not say it', async () => {
        const planned = await plan('firmware.update', { device: board });
        const says = (output: string | null) => {
            computer.printed.fwupdmgr = output;
        };
        for (const output of ['', 'Failed to connect to daemon', '{}', '{"Devices":7}', '{"Error":{"Code":1}}']) {
            says(output);
            expect(await verified(planned))
                .withContext(output)
                .toEqual({
                    gone: false,
                    detail: 'It could not be checked: fwupdmgr did not answer as expected.',
                    isUnknown: true,
                });
            await expectAsync(plan('firmware.update', { device: board }))
                .withContext(output)
                .toBeRejectedWith(jasmine.objectContaining({ code: 'Unavailable' }));
        }
        says(null);
        expect((await verified(planned)).isUnknown).toBeTrue();
        for (const output of ['{"Error":{"Code":9}}', `{"Devices":[{"DeviceId":"${board}"}]}`]) {
            says(output);
            expect((await verified(planned)).gone).toBeTrue();
            expect(await refusal('firmware.update', { device: board })).toBe(
                'All firmware that fwupd knows is up to date',
            );
        }
    });

    it('is a snapshot of what snapper looks after', async () => {
        expect((await plan('snapshot.make', { config: 'home' })).steps[0]?.command).toMatch(
            /snapper --config home create --cleanup-algorithm number --description Reeve$/,
        );
        expect(await refusal('snapshot.make', { config: 'none' })).toBe('Snapper makes no snapshots of none');
    });
});
