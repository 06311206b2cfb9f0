// `npm run test:image`: boots the disk image that `npm run package:image` made, from its own boot loader, in QEMU, until Reeve's
// indicator is there; breaks a unit and has Reeve repair it. With --container, it does that in a container, in minutes instead of most of an
// hour: without the boot loader, the kernel and the screen. With --install, it also installs the image to a second disk by
// systemd-sysinstall(8) and boots that. It prints what it saw and how long that took; pictures go to test/out/image.
//
//   npm run test:image [-- --image FILE] [--container | --install]
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
    copyFileSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    statSync,
    truncateSync,
    writeFileSync,
} from 'node:fs';
import { createConnection, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { ensureHostPackages } from './support/hostPackages.ts';
import { bootInContainer } from './image/inContainer.ts';
import { whenPassed } from './support/patience.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
    options: {
        image: { type: 'string', default: join(root, 'build/out-image/reeve.raw') },
        container: { type: 'boolean', default: false },
        install: { type: 'boolean', default: false },
    },
});
const firmware = '/usr/share/OVMF';
/** Milliseconds for one start with all that is done in it: QEMU runs without the help of a processor. */
const limit = 40 * 60_000;
/** Bytes of the disk that it is installed to. */
const diskSize = 12 * 2 ** 30;
const pictures = join(root, 'test/out/image');

type Stage = 'live' | 'install' | 'installed';
type Seen = Record<string, string>;

/** What the image is given by credentials (systemd.system-credentials(7)), since nothing in it is for tests. */
function credentials(folder: string, stage: Stage): string[] {
    const unit = `[Unit]
Description=Tells the test what it sees
After=display-manager.service

[Service]
ImportCredential=test-inside
ExecStart=/bin/bash %d/test-inside ${stage} /dev/nvme1n1
`;
    const texts = {
        'test-inside': readFileSync(join(import.meta.dirname, 'image/inside.sh'), 'utf8'),
        'systemd.extra-unit.test-inside.service': unit,
        'systemd.unit-dropin.graphical.target': '[Unit]\nWants=test-inside.service\n',
        // For the services of the user, as the words below for those of the system. tmpfiles.d(5)
        'tmpfiles.extra': String.raw`f+ /run/systemd/user.conf.d/patient.conf - - - - [Manager]\nDefaultTimeoutStartSec=1h\n`,
    };
    // systemd-stub(7), kernel-command-line(7). What it writes while it starts is seen on the serial port, too; and without the help of a
    // processor, nothing is as fast as systemd expects.
    const words = [
        ...['console=ttyS0', 'systemd.show_status=1'],
        ...['systemd.default_timeout_start_sec=1h', 'systemd.default_device_timeout_sec=1h'],
    ];
    const extra = `type=11,value=io.systemd.stub.kernel-cmdline-extra=${words.join(' ')}`;
    const given = Object.entries(texts).flatMap(([name, text]) => {
        const file = join(folder, name);
        writeFileSync(file, `io.systemd.credential.binary:${name}=${Buffer.from(text).toString('base64')}`);
        return ['-smbios', `type=11,path=${file}`];
    });
    return [...given, '-smbios', extra];
}

/** Has QEMU draw what is on the screen. */
async function takePicture(monitor: string, name: string): Promise<void> {
    const file = join(pictures, `${name}.png`);
    const connection = createConnection(monitor);
    const commands = [
        { execute: 'qmp_capabilities' },
        { execute: 'screendump', arguments: { filename: file, format: 'png' } },
    ];
    for (const command of commands) connection.write(JSON.stringify(command));
    for await (const line of createInterface(connection)) {
        const answer = JSON.parse(line) as { error?: { desc: string }; return?: unknown };
        if (answer.error) console.log(`No picture: ${answer.error.desc}`);
        if (answer.error ?? existsSync(file)) break;
    }
    connection.destroy();
}

/** @returns what was told from inside, each with how long after the start: by name */
async function boot(folder: string, stage: Stage, drives: string[]): Promise<Seen> {
    const [port = '', monitor = '', variables = '', serial = ''] = ['port', 'monitor', 'variables', 'serial'].map(
        name => join(folder, name),
    );
    for (const file of [port, monitor]) rmSync(file, { force: true });
    copyFileSync(join(firmware, 'OVMF_VARS_4M.fd'), variables);
    const server = createServer().listen(port);
    await once(server, 'listening');
    const started = performance.now();
    // The processor: as for the virtual machine of the test desktops (test/desktop/machine.ts).
    const qemu = spawn(
        'setpriv',
        [
            ...['--pdeathsig', 'KILL', 'qemu-system-x86_64'],
            ...['-machine', 'q35', '-accel', 'tcg,thread=multi', '-smp', '2', '-m', '4096'],
            ...['-cpu', 'max,-cx16,-avx,-avx2,-f16c,-fma'],
            ...['-nodefaults', '-display', 'none', '-vga', 'std', '-no-reboot', '-serial', `file:${serial}`],
            ...['-qmp', `unix:${monitor},server=on,wait=off`],
            ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${join(firmware, 'OVMF_CODE_4M.fd')}`],
            ...['-drive', `if=pflash,unit=1,format=raw,file=${variables}`],
            ...drives.flatMap((drive, index) => [
                ...['-drive', `${drive},format=raw,if=none,id=disk${index},cache=unsafe`],
                ...['-device', `nvme,drive=disk${index},serial=disk${index},bootindex=${index}`],
            ]),
            ...['-chardev', `socket,path=${port},id=port`],
            ...['-device', 'virtio-serial', '-device', 'virtserialport,chardev=port,name=reeve'],
            ...credentials(folder, stage),
        ],
        { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const timer = whenPassed(limit, () => qemu.kill('SIGKILL'));
    const ended = once(qemu, 'exit');
    const seen: Seen = {};
    try {
        const [connection] = (await Promise.race([once(server, 'connection'), ended])) as [Socket | number | null];
        assert(connection instanceof Socket, 'QEMU ended before it began');
        for await (const line of createInterface(connection)) {
            const [name, text] = told(line, stage, started);
            seen[name] = text;
            if (['indicator', 'unit', 'desktop'].includes(name)) await takePicture(monitor, `${stage}-${name}`);
            if (name === 'end') break;
        }
        await ended;
    } finally {
        timer[Symbol.dispose]();
        qemu.kill('SIGKILL');
        server.close();
    }
    const log = readFileSync(serial, 'utf8');
    assert(
        'end' in seen,
        `${stage}: it ended too early. The last that it wrote to its serial port:\n${log.slice(-2000)}`,
    );
    return seen;
}

/** @returns the name and the text of what was told */
function told(line: string, stage: Stage, started: number): [string, string] {
    const [name = '', text = ''] = line.split('\t');
    console.log(`${stage} ${Math.round((performance.now() - started) / 1000)} s  ${name}: ${text.trim()}`);
    return [name, text.trim()];
}

async function bootFiles(file: string): Promise<Seen> {
    const started = performance.now();
    const seen: Seen = {};
    await bootInContainer(file, line => {
        const [name, text] = told(line, 'live', started);
        seen[name] = text;
    });
    assert('end' in seen, 'it ended too early');
    return seen;
}

const missing = ensureHostPackages(
    values.container
        ? { debugfs: 'e2fsprogs', 'systemd-nspawn': 'systemd-container' }
        : { 'qemu-system-x86_64': 'qemu-system-x86', [join(firmware, 'OVMF_CODE_4M.fd')]: 'ovmf' },
);
if (missing.length > 0 || !existsSync(values.image)) {
    console.error(
        missing.length > 0
            ? `Nothing was tested: ${missing.join(', ')} not installed here.`
            : `Nothing was tested: there is no ${values.image}. Make it by npm run package:image.`,
    );
    process.exit(1);
}
mkdirSync(pictures, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'reeve-image-'));
process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
console.log(`${values.image}: ${(statSync(values.image).size / 1e9).toFixed(1)} GB`);
// What is written to it is forgotten.
const image = `file=${values.image},snapshot=on`;

const live = values.container ? await bootFiles(values.image) : await boot(folder, 'live', [image]);
assert.match(live.incidents ?? '', /sample\.service failed/);
assert.match(live.fix ?? '', /Apply this\?.*Fixed and checked/);
assert.equal(live.unit, 'active');
assert.equal(live.failed, '');
if (values.install) {
    const target = join(folder, 'target');
    writeFileSync(target, '');
    truncateSync(target, diskSize);
    const install = await boot(folder, 'install', [image, `file=${target}`]);
    assert.equal(install.code, '0');
    const installed = await boot(folder, 'installed', [`file=${target}`]);
    assert.deepEqual([installed.live, installed.left, installed.failed], ['', '', '']);
}
console.log('Everything was as it should be.');
