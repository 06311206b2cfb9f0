// A wish in the quick chat, from the words to the plan, the change, its check and the way back, on the real desktop.
import type { Desktop } from './desktop.ts';
import { describeOnDesktops, patience } from './onDesktops.ts';
import { localRepository } from './support/localRepository.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { installPackages } from '../faults/packages.ts';
import { until } from './waiting.ts';

const installer = ['/opt/reeve-build/lib/node', '/opt/reeve-build/lib/install.mjs', '--system'];
const pictures = new URL('../out/desktop/wishes/', import.meta.url).pathname;

/** A printer that fails as one does that is switched off, until /run/printer-is-on. */
const printer = `
set -e
cat > /usr/lib/cups/backend/switchable <<'END'
#!/bin/sh
[ $# -eq 0 ] && exit 0
[ -e /run/printer-is-on ] && { cat >/dev/null; exit 0; }
echo 'ERROR: The printer does not answer' >&2
exit 4
END
chmod 700 /usr/lib/cups/backend/switchable
lpadmin -p Office -D 'Office Printer' -v switchable:/office -E
`;

/** A saved network, as Settings leaves one. */
const network = `
set -e
cat > /etc/NetworkManager/system-connections/Cafe.nmconnection <<'END'
[connection]
id=Cafe
uuid=f330dfdb-5cc1-4b4d-b738-21ade5a5e0b4
type=wifi
autoconnect=false
[wifi]
ssid=Cafe
[wifi-security]
key-mgmt=wpa-psk
psk=correct horse
END
chmod 600 /etc/NetworkManager/system-connections/Cafe.nmconnection
nmcli connection reload
`;

describeOnDesktops('A wish', suite => {
    let desktop: Desktop;
    let screen: Screen;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const ask = (question: string) => desktop.type(`${question}\n`);
    const asAlice = async (...argv: string[]) => {
        const { stdout } = await desktop.user(argv);
        return stdout.trim();
    };
    const setting = (schema: string, key: string) => asAlice('gsettings', 'get', schema, key);
    const colours = () => setting('org.gnome.desktop.interface', 'color-scheme');

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, {});
        screen = new Screen(desktop);
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
    });

    it('is a plan that one reads, applies and undoes', async () => {
        const before = await colours();
        await screen.openWithKey();
        await ask('turn on dark mode');
        await screen.untilShown(/^I can do that\./, 'Turn on the dark style', 'Apply', 'Can be undone: Sets it back');
        expect(await colours()).toBe(before);
        await picture('plan');
        await screen.press('Exact change');
        await screen.untilShown(/gsettings set org\.gnome\.desktop\.interface color-scheme/);
        await screen.press('Apply');
        await screen.untilShown('Turn on the dark style: Done', 'Undo: Sets it back');
        expect(await colours()).toBe("'prefer-dark'");
        await picture('done');
        await screen.press('Undo');
        await screen.untilShown('Turn on the dark style: Undone');
        expect(await colours()).toBe(before);
    });

    it('that is true already says so, and offers nothing', async () => {
        await ask('turn off dark mode');
        await screen.untilShown('This is already off');
        await screen.close();
    });

    it('for two changes is one plan, which is applied once and undone as one', async () => {
        const size = () => setting('org.gnome.desktop.interface', 'text-scaling-factor');
        const before = await Promise.all([colours(), size()]);
        await screen.openWithKey();
        await ask('turn on dark mode and make the text bigger');
        await screen.untilShown('Turn on the dark style; Set the text size to 125%', 'Apply');
        await picture('several');
        await screen.press('Apply');
        await screen.untilShown('Turn on the dark style; Set the text size to 125%: Done', /^Undo: /);
        expect(await Promise.all([colours(), size()])).toEqual(["'prefer-dark'", '1.25']);
        await picture('several-done');
        await screen.press('Undo');
        await screen.untilShown('Turn on the dark style; Set the text size to 125%: Undone');
        expect(await Promise.all([colours(), size()])).toEqual(before);
        await ask('turn on dark mode and frobnicate the widget');
        await screen.untilShown(
            '“frobnicate the widget” is not possible: I do not know how to do that. So I planned nothing of what you asked for.',
        );
        await screen.close();
    });

    it('is listed in the terminal, where it can be undone as well', async () => {
        await screen.openWithKey();
        await ask('make the text bigger');
        await screen.untilShown('Set the text size to 125%', 'Apply');
        await screen.press('Apply');
        await screen.untilShown('Set the text size to 125%: Done');
        expect(await setting('org.gnome.desktop.interface', 'text-scaling-factor')).toBe('1.25');
        const tasks = await asAlice('reeve', 'tasks');
        expect(tasks).toMatch(/^t1 .*turn on dark mode\n +Turn on the dark style: undone$/m);
        expect(tasks).toMatch(/^t3 .*make the text bigger\n +Set the text size to 125%: applied$/m);
        await screen.close();
    });

    it('for more space than there can be says how much less it frees', async () => {
        const archive = '/var/cache/apt/archives/big_1_all.deb';
        await desktop.exec(['fallocate', '--length', '60M', archive]);
        await screen.openWithKey();
        await ask('free 50 GB');
        await screen.untilShown(
            'Delete what is not needed any more',
            /^This frees about \d+\sMB: downloaded packages \d+\sMB.*That is less than 50\.0\sGB: nothing else can be deleted without a loss\.$/,
            'Apply',
        );
        await picture('less');
        await screen.press('Apply');
        await screen.givePassword(/reeve-step/);
        await screen.hoverNotification('Done');
        expect((await desktop.exec(['test', '-e', archive], { mayFail: true })).code).toBe(1);
    });

    it('forgets a network, whose password undo restores', async () => {
        await desktop.exec(['sh', '-c', network]);
        const saved = async () =>
            (await desktop.exec(['nmcli', '--get-values', 'NAME', 'connection'])).stdout.split('\n');
        const profile = () => desktop.readFile('/etc/NetworkManager/system-connections/Cafe.nmconnection');
        const before = await profile();
        await screen.openWithKey();
        await ask('forget the wifi Cafe');
        await screen.untilShown(
            'Forget the network Cafe',
            'Can be undone: Restores the network with its password',
            'Apply',
        );
        await picture('network');
        await screen.press('Apply');
        await screen.givePassword(/reeve-step/);
        await screen.hoverNotification('Done');
        expect(await saved()).not.toContain('Cafe');
        await screen.openWithKey();
        await screen.press('Undo');
        await screen.givePassword(/reeve-step/);
        await screen.hoverNotification('Undone');
        expect(await saved()).toContain('Cafe');
        expect(await profile()).toEqual(before);
    });

    it('has root ask in its own words, once the mechanism is installed', async () => {
        const { stdout } = await desktop.exec(installer);
        expect(stdout).toContain('Installed.');
    });

    it('installs the program for a purpose, with a password, and removes it again', async () => {
        await desktop.exec(['sh', '-c', localRepository]);
        const state = async () => {
            const argv = ['dpkg-query', '--show', '--showformat=${db:Status-Status}', 'hexwindow'];
            return (await desktop.exec(argv, { mayFail: true })).stdout;
        };
        await screen.openWithKey();
        await ask('install the program that shows hex files');
        await screen.untilShown(
            'Install hexwindow',
            'viewer for hex files of GNOME',
            'You will be asked for a password',
            /^Low risk/,
            'Apply',
        );
        await picture('install');
        await screen.press('Apply');
        await screen.givePassword(/^Install hexwindow\n/);
        // The dialog closed the quick chat, which has the answer still.
        await screen.hoverNotification('Done');
        await picture('installed');
        await screen.openWithKey();
        await screen.untilShown('Install hexwindow: Done', 'Undo: Removes what was installed, and keeps settings');
        expect(await state()).toBe('installed');
        await screen.press('Undo');
        await screen.givePassword(/^Undo: Install hexwindow\n/);
        await screen.hoverNotification('Undone');
        expect(await state()).not.toBe('installed');
    });

    it('frees an amount, which nothing brings back, as it says', async () => {
        const archive = '/var/cache/apt/archives/big_1_all.deb';
        await desktop.exec(['fallocate', '--length', '2G', archive]);
        await screen.openWithKey();
        await ask('free 2 GB');
        await screen.untilShown(
            'Delete what is not needed any more',
            /^This frees about 2\.\d\sGB: .*downloaded packages 2\.1\sGB/,
            /^Cannot be undone/,
            'Apply',
        );
        await picture('amount');
        await screen.press('Apply');
        await screen.givePassword(/^Delete what is not needed any more\n/);
        await screen.hoverNotification('Done');
        expect((await desktop.exec(['test', '-e', archive], { mayFail: true })).code).toBe(1);
    });

    it('has a stopped print queue print again', async () => {
        const lack = await installPackages(desktop, suite, ['cups', 'cups-client']);
        if (lack !== '') {
            pending(lack);
            return;
        }
        await desktop.exec(['sh', '-c', printer]);
        const queue = async () => (await desktop.exec(['lpstat', '-p', 'Office'])).stdout;
        await asAlice('sh', '-c', 'echo Dear Bob | lp -d Office -t Letter');
        await until('the printer has stopped', async () => (await queue()).includes('disabled'));
        await screen.openWithKey();
        await ask('my printer queue is stuck');
        await screen.untilShown(
            'Let Office Printer print again',
            'Office Printer is stopped: The printer does not answer. First in its queue is “Letter” (job 1).',
            'You will be asked for a password',
            'Apply',
        );
        await picture('printer');
        // Somebody switches it on.
        await desktop.exec(['touch', '/run/printer-is-on']);
        await screen.press('Apply');
        await screen.givePassword(/^Let Office Printer print again\n/);
        await screen.hoverNotification('Done');
        expect(await queue()).toContain('is idle');
        expect((await desktop.exec(['lpstat', '-o'])).stdout).toBe('');
        await screen.openWithKey();
        await screen.untilShown('Let Office Printer print again: Done', 'Undo: Puts the queue back as it was');
        await picture('printer-done');
        await screen.press('Undo');
        await screen.givePassword(/^Undo: Let Office Printer print again\n/);
        await screen.hoverNotification('Undone');
        expect(await queue()).toContain('disabled');
    });

    // On some suites D-Bus starts the editor, in a unit of its own; then only its process has a name.
    it('opens an application, and ends it by its name', async () => {
        const isRunning = async () =>
            (await desktop.query(['pgrep', '-x', 'gnome-text-edit'], { mayFail: true })).code === 0;
        await screen.openWithKey();
        await ask('open text editor');
        await screen.untilShown('I can open it for you.', 'Open Text Editor', 'Open');
        await picture('open');
        const texts = await screen.kept();
        expect(texts.filter(text => /^(?:Low risk|Can(?:not)? be undone)/.test(text))).toEqual([]);
        await screen.press('Open');
        await screen.untilShown('Open Text Editor: Done');
        await until('the editor runs', isRunning);
        await ask('close text editor');
        await screen.untilShown(/^End (?:Text Editor|gnome-text-edit)$/, /^It is process \d+\.$/, 'Apply');
        await picture('program');
        await screen.press('Apply');
        await until('the editor has ended', async () => !(await isRunning()));
        await screen.untilShown(/^End (?:Text Editor|gnome-text-edit): Done$/);
        await screen.close();
    });

    it('that only a person can carry out opens the page for it', async () => {
        await screen.openWithKey();
        await ask('change my password');
        await screen.untilShown('Open the settings: Users', /Reeve never sees a password/, 'Open');
        await picture('settings');
        await screen.press('Open');
        await until('the page is open', async () => {
            const names = await desktop.accessibleNames('gnome-control-center').catch((): string[] => []);
            return names.includes('Users') && names.includes('Password');
        });
        await screen.close();
        await picture('settings-open');
    });
});
