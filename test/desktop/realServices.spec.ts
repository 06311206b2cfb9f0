// Wishes that services of the system carry out: AccountsService, NetworkManager, fwupd and Flatpak themselves, asked and undone as a
// person does it. What they do is alike under each Shell.
import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { describeOn, once, patience } from './onDesktops.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { installPackages } from '../faults/packages.ts';

const installer = ['/opt/reeve-build/lib/node', '/opt/reeve-build/lib/install.mjs', '--system'];
const accounts = ['org.freedesktop.Accounts'] as const;
const reeve = `${alice.home}/.local/bin/reeve`;

/** A cable between two ends of its own, and its connection. */
const cable = `
set -e
ip link add veth0 type veth peer name veth1
ip link set veth1 up
ip link set veth0 up
nmcli connection add type ethernet ifname veth0 con-name Cable ip4 10.9.9.2/24 ipv6.method disabled
nmcli connection up Cable
`;

/** An application of Flatpak without a runtime, which is installed and never run: flatpak-metadata(5). */
const draw = `
set -e
cd "$(mktemp -d)"
mkdir -p app/files app/export/share/applications
cat > app/metadata <<'END'
[Application]
name=org.example.Draw
runtime=org.example.Platform/x86_64/1
command=true

[Context]
shared=network;
END
cat > app/export/share/applications/org.example.Draw.desktop <<'END'
[Desktop Entry]
Type=Application
Name=Draw
Exec=true
END
flatpak build-export repo app 1
flatpak --user remote-add --no-gpg-verify local repo
flatpak --user install --assumeyes --no-deps --noninteractive local org.example.Draw
`;

/** fwupd's own devices for tests; it starts in no container by itself. */
const webcam = `
set -e
printf '[fwupd]\\nTestDevices=true\\n' > /etc/fwupd/fwupd.conf
mkdir -p /etc/systemd/system/fwupd.service.d
printf '[Unit]\\nConditionVirtualization=\\n' > /etc/systemd/system/fwupd.service.d/container.conf
systemctl daemon-reload
systemctl restart fwupd.service
`;

describeOn(once, 'A wish for a service of the system', suite => {
    let desktop: Desktop;
    let screen: Screen;
    const run = async (...argv: string[]) => (await desktop.exec(argv)).stdout.trim();

    /** Asks for it in the quick chat, and gives the password that root's plan asks for with its title. */
    async function applied(wish: string, title: string, isRoot = true): Promise<void> {
        await screen.openWithKey();
        await desktop.type(`${wish}\n`);
        await screen.untilShown(title, 'Apply');
        await screen.press('Apply');
        if (!isRoot) {
            await screen.untilShown(`${title}: Done`);
            return;
        }
        await screen.givePassword(new RegExp(`^${title}(?:\\n|$)`));
        await screen.hoverNotification('Done');
        await screen.openWithKey();
        await screen.untilShown(`${title}: Done`);
    }
    async function undone(title: string, isRoot = true): Promise<void> {
        await screen.press('Undo');
        if (isRoot) {
            await screen.givePassword(new RegExp(`^Undo: ${title}(?:\\n|$)`));
            await screen.hoverNotification('Undone');
        } else {
            await screen.untilShown(`${title}: Undone`);
            await screen.close();
        }
        await screen.clearNotifications();
    }

    beforeAll(async () => {
        desktop = await bootWithReeve(suite);
        screen = new Screen(desktop);
        await run(...installer);
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
    });

    it('gives an account another name, and its own again', async () => {
        const name = async () => (await run('getent', 'passwd', 'alice')).split(':')[4]?.split(',')[0];
        const before = await name();
        const title = 'Call the account alice Alice Liddell';
        await applied('set the full name of alice to Alice Liddell', title);
        expect(await name()).toBe('Alice Liddell');
        await undone(title);
        expect(await name()).toBe(before);
    });

    it('sets the language and the formats of an account, and the earlier ones again', async () => {
        const language = () =>
            run(
                'busctl',
                'get-property',
                ...accounts,
                '/org/freedesktop/Accounts/User1000',
                `${accounts[0]}.User`,
                'Language',
            );
        const formats = async () =>
            (await desktop.user(['gsettings', 'get', 'org.gnome.system.locale', 'region'])).stdout.trim();
        const before = [await language(), await formats()];
        for (const [wish, title] of [
            ['set the account language to German', 'Use German (Germany) for your account'],
            ['use German formats', 'Write dates and numbers as in German (Germany)'],
        ] as const) {
            await applied(wish, title, false);
            expect(await (wish.includes('language') ? language() : formats())).toContain('de_DE.UTF-8');
            await undone(title, false);
        }
        expect([await language(), await formats()]).toEqual(before);
    });

    it('makes somebody an administrator, and a standard user again', async () => {
        await run('useradd', '--create-home', '--uid', '1500', 'bob');
        const groups = async () => (await run('id', '--name', '--groups', 'bob')).split(' ');
        const title = 'Make bob an administrator';
        await applied('make bob an administrator', title);
        expect(await groups()).toContain('sudo');
        await undone(title);
        expect(await groups()).not.toContain('sudo');
    });

    it('limits the packets of a connection that is in use, and no longer', async () => {
        await run('sh', '-c', cable);
        const mtu = () => run('cat', '/sys/class/net/veth0/mtu');
        const title = 'Limit the packets on Cable to 1400 bytes';
        await applied('set the MTU to 1400', title);
        expect(await mtu()).toBe('1400');
        await undone(title);
        expect(await mtu()).toBe('1500');
    });

    it('takes a permission from an application of Flatpak, and gives it back', async () => {
        await desktop.user(['sh', '-c', draw]);
        const overrides = async () =>
            (await desktop.user(['flatpak', 'override', '--user', '--show', 'org.example.Draw'])).stdout;
        const title = 'Keep Draw from the network';
        await applied('do not let Draw use the network', title, false);
        expect(await overrides()).toContain('shared=!network;');
        await undone(title, false);
        expect(await overrides()).not.toContain('network');
    });

    it(
        'updates the firmware of a device, once',
        async () => {
            const lack = await installPackages(desktop, suite, ['fwupd', 'fwupd-tests']);
            if (lack !== '') {
                pending(lack);
                return;
            }
            await run('sh', '-c', webcam);
            await applied('update the firmware', 'Update the firmware of Integrated Webcam™ to 1.2.4');
            const devices = await run('fwupdmgr', 'get-devices', '--json');
            expect(devices).toContain('"Version": "1.2.4"');
            await screen.close();
            const again = await desktop.user([reeve, 'do', 'update the firmware'], { mayFail: true });
            expect(again.stdout).toContain('All firmware that fwupd knows is up to date');
        },
        2 * patience,
    );
});
