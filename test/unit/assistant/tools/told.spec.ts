// What people read when they ask for what a tool tells: the answer first, then the details.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Format } from '../../../../service/i18n/format.ts';
import { definitions } from '../../../../service/assistant/tools/definitions/index.ts';
import { filesOf } from '../../../../service/machine/machine.ts';
import { answerTool } from '../../../../service/assistant/tools/registry.ts';
import type { UnitDetails } from '../../../../service/machine/units/unitDetails.ts';
import type { Evidence } from '../../../../service/model/incident.ts';
import { busOf, recordedMachine } from '../../../support/recordedMachine.ts';
import type { Replies } from '../../../support/recordedMachine.ts';
import { now, toolContext } from './context.ts';

const format = new Format('en-US', () => now);
const needed: Record<string, Record<string, unknown>> = {
    file_info: { path: '/etc' },
    find_files: { name: 'os-release', folder: '/etc' },
    manual: { page: 'ls' },
    package_owner: { path: '/usr/bin/ls' },
    read_file: { path: '/etc/os-release' },
    unit_details: { unit: 'ssh' },
};

async function told(
    name: string,
    given: Record<string, unknown>,
    machine = recordedMachine(),
    unit: (() => Promise<UnitDetails | null>) | null = null,
): Promise<string> {
    const tool = definitions.find(definition => definition.name === name);
    if (tool === undefined) throw new Error(`There is no tool ${name}`);
    const cited: Evidence[] = [];
    const asking = { format, cite: (...evidence: Evidence[]) => cited.push(...evidence) };
    const context = toolContext({ machine });
    const pieces = await answerTool(
        tool,
        given,
        {
            ...context,
            systemd: unit === null ? context.systemd : { ...context.systemd, isReachable: () => true, unit },
        },
        asking,
    );
    return pieces.join('').trim();
}

const onBus = (replies: Replies) => ({ ...recordedMachine(), system: busOf(replies), session: busOf(replies) });
const printing = (outputs: Record<string, string>) => ({
    ...recordedMachine(),
    run: (program: string) => Promise.resolve(outputs[program] ?? null),
});

describe('The answer of a tool', () => {
    for (const { name, asked } of definitions)
        if (asked !== undefined)
            it(`begins with a sentence: ${name}`, async () => {
                const [first] = (await told(name, needed[name] ?? {})).split('\n');

                expect(first).not.toMatch(/^- /);
                expect(first).toMatch(/[.:]$/);
            });

    it('names who listens on a port, and for whom', async () => {
        const ss =
            'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=812,fd=3))\nudp UNCONN 0 0 127.0.0.1:323 0.0.0.0:*\n';

        expect(await told('network_ports', { port: 22 }, printing({ ss }))).toBe(
            '`sshd` (process 812) listens on port 22.\n\n- 22/tcp: `sshd`, reachable from the network',
        );
        expect(await told('network_ports', { port: 80 }, printing({ ss }))).toBe('Nothing listens on port 80.');
        expect(await told('network_ports', {}, printing({ ss }))).toContain(
            '- 323/udp: a program of another user, only for this computer itself',
        );
    });

    it('says which Bluetooth devices are connected', async () => {
        const device = (Alias: string, Connected: boolean) => ({
            'org.bluez.Device1': { Alias, Paired: true, Connected },
            ...(Connected ? { 'org.bluez.Battery1': { Percentage: 40 } } : {}),
        });
        const objects = {
            '/org/bluez/hci0': { 'org.bluez.Adapter1': { Alias: 'desk', Powered: true } },
            '/org/bluez/hci0/dev_1': device('Head*set*', true),
            '/org/bluez/hci0/dev_2': device('Mouse', false),
        };

        expect(await told('bluetooth', {}, onBus({ 'org.bluez / GetManagedObjects': [objects] }))).toBe(
            'Bluetooth is on, and 1 device is connected:\n\n- Head∗set∗, battery at 40%\n- Paired, but not connected: Mouse',
        );
        expect(await told('bluetooth', {})).toBe(
            'Bluetooth is not available: its service, BlueZ, is not installed or not running (`org.bluez`).',
        );
    });

    it('names a graphics card as its maker does', async () => {
        const lspci = 'Slot:\t01:00.0\nClass:\tVGA compatible controller\nVendor:\tAcme\nDevice:\tFast 9000\n';
        const nvidia = 'Acme Fast 9000, 580.1, 8192 MiB, 512 MiB, 7 %, 41\n';

        expect(await told('graphics', {}, printing({ lspci, 'nvidia-smi': nvidia }))).toContain(
            'Acme Fast 9000: NVIDIA driver 580.1, 512 MiB of 8192 MiB of its memory in use, 7 % busy, 41 °C',
        );
    });

    it('names the package of a file, or says that there is none', async () => {
        const path = '/usr/bin/ls';

        expect(
            await told('package_owner', { path }, printing({ 'dpkg-query': 'coreutils, other:amd64: /bin/ls\n' })),
        ).toBe('`/usr/bin/ls` belongs to the packages `coreutils` and `other:amd64`.');
        expect(
            await told('package_owner', { path }, printing({ pacman: '/usr/bin/ls is owned by coreutils 9.5-1\n' })),
        ).toBe('`/usr/bin/ls` belongs to the package `coreutils 9.5-1`.');
        expect(await told('package_owner', { path }, printing({ pacman: '' }))).toContain('belongs to no package');
    });

    it('says whether the firewall is on, now and at the next start', async () => {
        const unit = (activeState: string, unitFileState: string) => () =>
            Promise.resolve({ loadState: 'loaded', activeState, unitFileState } as UnitDetails);
        const asked = (activeState: string, unitFileState: string) =>
            told('firewall', {}, { ...recordedMachine(), root: '/nonexistent' }, unit(activeState, unitFileState));

        expect(await asked('active', 'enabled')).toBe('The firewall is on (`firewalld`).');
        expect(await asked('active', 'disabled')).toContain('It will be off after the next start.');
        expect(await asked('inactive', 'enabled')).toContain('It will be on after the next start.');
        expect(await told('firewall', {}, { ...recordedMachine(), root: '/nonexistent' })).toBe(
            'No firewall that I know is installed here: neither ufw nor firewalld.',
        );
    });

    it('says which timer is next', async () => {
        const timer = (unit: string, next: number | null) => ({ unit, activates: 'a.service', next, last: 0 });
        const systemctl = JSON.stringify([timer('never.timer', null), timer('soon.timer', now + 60e6)]);
        const answer = await told('timers', {}, printing({ systemctl }));

        expect(answer.split('\n')[0]).toMatch(/^The next timer is `soon\.timer`, /);
        expect(answer).toContain('- `never.timer`: not due again');
    });

    it('lists the devices of one bus', async () => {
        const lspci = 'Slot:\t00:02.0\nClass:\tVGA\nVendor:\tAcme\nDevice:\tGraphics\nDriver:\ti915\n';

        expect(await told('devices', { bus: 'pci' }, printing({ lspci }))).toBe(
            'There is 1 device, 0 without a driver:\n\n- VGA: Acme Graphics: driver `i915`',
        );
    });

    it('shows no secret', async () => {
        const ss = 'tcp LISTEN 0 1 0.0.0.0:22 0.0.0.0:* users:(("AKIAIOSFODNN7EXAMPLE",pid=1,fd=3))\n';

        expect(await told('network_ports', { port: 22 }, printing({ ss }))).not.toContain('AKIAIOSFODNN7EXAMPLE');
    });

    it('shows no key that spans several lines of a file', async () => {
        const folder = mkdtempSync(join(tmpdir(), 'reeve-told-'));
        try {
            const body = 'MIIEowIBAAKCAQEA75dWuLwN3hQz0nE5mVvJw2yq8x7Zl1b0KfQp9c3d4e5f6a7B\n'.repeat(3);
            const path = join(folder, 'service.conf');
            writeFileSync(
                path,
                `key =\n-----BEGIN RSA PRIVATE KEY-----\n${body}-----END RSA PRIVATE KEY-----\nport = 80\n`,
            );
            const answer = await told('read_file', { path }, filesOf('/'));

            expect(answer).not.toContain('MIIEow');
            expect(answer).toContain('port = 80');
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it('says what is wrong with what was asked for', async () => {
        expect(await told('manual', { page: '../x' })).toContain('page: is not the name of a manual page');
    });
});
