// Changes that root makes by the mechanism: polkit's dialog shows each plan in words, and undo follows root's own record.
import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { activeState } from './failingUnits.ts';
import { describeOnDesktops, patience } from './onDesktops.ts';
import { localRepository } from './support/localRepository.ts';
import { bootWithReeve, closeDialog, Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';

const pictures = new URL('../out/desktop/mechanism/', import.meta.url).pathname;
const installer = ['/opt/reeve-build/lib/node', '/opt/reeve-build/lib/install.mjs', '--system'];
/** Of Incident.State. */
const [open, fixed] = [0, 2];
const unit = 'dnsmasq.service';
const path = '/etc/dnsmasq.conf';
const good = 'port=5300\nuser=root\ngroup=root\n';
const title = 'Restore the previous version of dnsmasq.conf';

/** Of `systemd-analyze security`; docs/security.md says the same. */
const allowedExposure = 3;

describeOnDesktops('A change by the mechanism', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    let screen: Screen;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const run = async (...argv: string[]) => (await desktop.exec(argv)).stdout.trim();
    const contents = () => desktop.exec(['cat', path]).then(({ stdout }) => stdout);
    const log = () => run('journalctl', '--unit=reeve-mechanism.service', '--output=cat', '--no-pager');

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, {
            [path]: good,
            [`/etc/systemd/system/${unit}`]: `[Unit]
Description=Name server for this computer
[Service]
ExecStart=/usr/sbin/dnsmasq --keep-in-foreground
`,
        });
        service = new ServiceClient(desktop);
        screen = new Screen(desktop);
        expect(await run(...installer)).toMatch(/Writes \/usr\/local\/lib\/reeve\/mechanism\.mjs[^]*Installed\./);
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
    });

    it('comes from a unit that can do little else', async () => {
        expect(await run('systemd-analyze', 'verify', 'reeve-mechanism.service')).toBe('');
        const security = await run('systemd-analyze', 'security', '--no-pager', 'reeve-mechanism.service');
        const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(security)?.[1]);
        expect(exposure).toBeLessThanOrEqual(allowedExposure);
    });

    it('is asked for with the title of the plan, made, checked, and taken back', async () => {
        const broken = `${good}prot=5301\n`;
        await screen.clearNotifications();
        await desktop.exec(['systemctl', 'start', unit]);
        await desktop.exec(['sh', '-c', `echo prot=5301 >> ${path}`]);
        await desktop.exec(['systemctl', 'restart', unit], { mayFail: true });
        await service.untilIncident(
            unit,
            ({ State, Cause, Proposals }) =>
                State === open && Cause.startsWith(`${path} was edited`) && Array.isArray(Proposals),
        );
        await screen.openWithKey();
        await screen.untilShown(title, 'Apply');
        await screen.press('Apply');
        await screen.untilAskedForPassword(new RegExp(`^${title}\\n\\n• Restore the previous content of ${path}\\n`));
        await picture('asked');
        await closeDialog(desktop);
        await screen.hoverNotification('Nothing was changed: not allowed');
        expect(await contents()).toBe(broken);

        await desktop.clickOn('Try again');
        await screen.givePassword(new RegExp(`^${title}\\n\\n• Restore the previous content of ${path}\\n`));
        await screen.hoverNotification('Fixed');
        await service.untilIncident(unit, ({ State }) => State === fixed);
        expect(await contents()).toBe(good);
        expect(await activeState(desktop, unit)).toBe('active');

        await desktop.clickOn('Undo');
        await screen.untilOpen();
        await screen.untilShown(`Undo: Restores the content that ${path} had before the fix`, '+prot=5301');
        await screen.press('Undo');
        await screen.givePassword(
            new RegExp(`^Undo: ${title}\\n\\n• Restore the content that ${path} had before the fix`),
        );
        await screen.hoverNotification('Undone');
        expect(await contents()).toBe(broken);
        expect(await log()).toMatch(/Approved kind="apply"[^]*Ended kind="apply"[^]*Approved kind="undo"/);
    });

    it('is one for each sort of wish, which root plans as the service did', async () => {
        await desktop.exec(['sh', '-c', localRepository]);
        const wishes: [wish: string, title: string][] = [
            ['install the program that shows hex files', 'Install hexwindow'],
            ['set the time zone to Berlin', 'Set the time zone to Europe/Berlin'],
            ['stop dnsmasq', `Stop ${unit}`],
        ];
        for (const [wish, plan] of wishes) {
            await screen.openWithKey();
            await desktop.type(`${wish}\n`);
            await screen.untilShown(plan, 'Apply');
            await screen.press('Apply');
            await screen.givePassword(new RegExp(`^${plan}(?:\\n|$)`));
            await screen.hoverNotification('Done');
            await screen.clearNotifications();
        }
        expect(await run('timedatectl', 'show', '--property=Timezone', '--value')).toBe('Europe/Berlin');
        expect(await run('dpkg-query', '--show', '--showformat=${db:Status-Status}', 'hexwindow')).toBe('installed');
        expect(await activeState(desktop, unit)).not.toBe('active');
    });

    it('is in an audit log that shows when its end is cut off', async () => {
        const reeve = async (...argv: string[]) => {
            const { stdout } = await desktop.user([`${alice.home}/.local/bin/reeve`, ...argv], { mayFail: true });
            return JSON.parse(stdout) as { ok: boolean; detail: string };
        };
        expect(await reeve('audit', 'verify', '--json')).toEqual(jasmine.objectContaining({ ok: true }));
        const database = `${alice.home}/.local/state/reeve/database/reeve.db`;
        await desktop.user(['systemctl', '--user', 'stop', 'reeve.service']);
        await desktop.user([
            ...['/opt/reeve-build/lib/node', '--disable-warning=ExperimentalWarning', '--eval'],
            `new (require('node:sqlite').DatabaseSync)('${database}').exec('DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)')`,
        ]);
        expect(await reeve('audit', 'verify', '--json')).toEqual({
            ...(await reeve('audit', 'verify', '--json')),
            ok: false,
            detail: jasmine.stringMatching(/^Entry \d+, which the journal has, is missing\.$/) as unknown as string,
        });
    });

    it('is refused when the plan is another, or no dialog is allowed', async () => {
        const call = (...options: string[]) =>
            desktop.user(
                [
                    ...['busctl', 'call', ...options, 'org.reevedesktop.Reeve1.Mechanism'],
                    ...['/org/reevedesktop/Reeve1/Mechanism', 'org.reevedesktop.Reeve1.Mechanism', 'Apply', 'sssaays'],
                    ...['unit.restart', `{"scope":"system","unit":"${unit}"}`, '', '0', 'a'.repeat(64)],
                ],
                { mayFail: true },
            );
        expect((await call('--allow-interactive-authorization=yes')).stderr).toContain(
            'The system has changed since this was offered',
        );
        expect((await call('--allow-interactive-authorization=no')).stderr).toContain('does not allow a password');
        expect(await desktop.evalJs<number>('Main.modalCount')).toBe(0);
    });

    it('is no longer possible after its removal, which leaves nothing', async () => {
        expect(await run(...installer, '--remove')).toContain('Removed.');
        const { stdout } = await desktop.exec(
            [
                'sh',
                '-c',
                'find / -xdev \\( -name "*eeve-mechanism*" -o -name "*Reeve1.Mechanism*" -o -path /var/lib/reeve \\) -not -path "/opt/*" -not -path "/home/*"',
            ],
            { mayFail: true },
        );
        expect(stdout).toBe('');
    });
});
