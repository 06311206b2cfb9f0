// One booted copy of an image with a kernel of its own: QEMU without the help of a processor (TCG), so that it runs
// wherever a program does. It covers what a container leaves to its host: memory limits, core dumps, the kernel's log,
// the clock.
import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { ensureHostPackages } from '../support/hostPackages.ts';
import { fetchArchives } from './archives.ts';
import * as cache from './cache.ts';
import type { Computer } from './computer.ts';
import { layOver, type ContainerOptions } from './container.ts';
import { FrameReader, toBytes, type Ending, type Frame, type Kind } from './guest/frames.ts';
import { run, type Child } from './hostCommand.ts';
import { DesktopUnavailable, type Suite } from './image.ts';
import { until } from './waiting.ts';

export type MachineOptions = Pick<ContainerOptions, 'name' | 'suite' | 'image' | 'files' | 'binds' | 'keep'>;

/**
 * Debian's kernel for virtual machines has the drivers of an NVMe disk, ext4 and virtio ports built in (its config-…), so that
 * it needs no initial RAM disk; the programs that load its modules come along.
 */
const kernelPackages = ['linux-image-cloud-amd64', 'kmod'];
/** So long QEMU may take to open its end of the port, and the machine to answer there. Milliseconds. */
const connectLimit = 10_000;
const bootLimit = 600_000;
/** Megabytes: enough for a desktop, and little enough to be used up. */
const memory = 2048;

/**
 * Not the instruction cmpxchg16b: QEMU 7.2 was seen to put an address in place of the flags there, which crashed Linux 6.12 in
 * __kmalloc(). Without the instruction it does the same in software (arch/x86/lib/cmpxchg16b_emu.S). Nor the vectors of AVX,
 * which QEMU emulates from 7.2 on: with them gnome-shell 48 died of a segmentation fault within minutes.
 */
const processor = 'max,-cx16,-avx,-avx2,-f16c,-fma';

/**
 * Leaves out what takes long without hardware virtualization and has no part in any fault. A kernel that panics reboots
 * at once, which ends QEMU (-no-reboot).
 */
const kernelOptions =
    'root=/dev/nvme0n1 rw console=ttyS0 quiet panic=-1 mitigations=off no5lvl transparent_hugepage=never ' +
    'systemd.condition_needs_update=no systemd.condition_first_boot=no systemd.mask=gdm.service';

/** Without the help of the processor, on two of its cores. */
const slowness = 8;
/** systemd's usual minute and a half (systemd-system.conf(5)) is not enough to start the desktop. */
const patience = `[Manager]
DefaultTimeoutStartSec=${90 * slowness}
DefaultDeviceTimeoutSec=${90 * slowness}
`;

const agent = `[Unit]
Description=Runs programs for the tests
BindsTo=dev-virtio\\x2dports-reeve.device
After=dev-virtio\\x2dports-reeve.device

[Service]
ExecStart=/opt/reeve-build/lib/node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON /usr/local/lib/reeve-desktop/agent.ts
Environment=HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
`;
const ownFiles = {
    // As in the image, but with a third of the screen to draw.
    '/etc/systemd/system/desktop.service.d/machine.conf':
        '[Service]\nExecStart=\n' +
        'ExecStart=/usr/bin/gnome-shell --headless --virtual-monitor 800x480 --unsafe-mode --no-x11\n',
    '/etc/systemd/system.conf.d/machine.conf': patience,
    '/etc/systemd/user.conf.d/machine.conf': patience,
    '/etc/systemd/system/test-agent.service': agent,
    '/etc/systemd/system/multi-user.target.d/test-agent.conf': '[Unit]\nWants=test-agent.service\n',
};

export class Machine implements Computer {
    readonly name: string;
    readonly suite: Suite;
    readonly slowness = slowness;
    readonly #qemu: ChildProcess;
    readonly #port: Socket;
    readonly #programs = new Map<number, Program>();
    #lastProgram = 0;

    private constructor({ name, suite }: MachineOptions, qemu: ChildProcess, port: Socket) {
        this.name = name;
        this.suite = suite;
        this.#qemu = qemu;
        this.#port = port;
    }

    /** @throws DesktopUnavailable where no virtual machine can be had */
    static async boot(options: MachineOptions): Promise<Machine> {
        requireQemu();
        const directory = join(cache.running, options.name);
        if (!options.keep) await rm(directory, { recursive: true, force: true });
        try {
            const { kernel, disk } = await makeDisk(options, directory);
            const consoleFile = join(directory, 'console.log');
            const socket = join(directory, 'port');
            const server = createServer().listen(socket);
            await once(server, 'listening');
            const qemu = spawn(
                'setpriv',
                ['--pdeathsig', 'KILL', ...qemuArgv({ kernel, disk, console: consoleFile, socket })],
                {
                    stdio: ['ignore', 'ignore', 'pipe'],
                },
            );
            const ended = endOf(qemu);
            try {
                const connection = once(server, 'connection', { signal: AbortSignal.timeout(connectLimit) });
                const [port] = (await Promise.race([connection, ended])) as [Socket];
                const machine = new Machine(options, qemu, port);
                await machine.#untilItAnswers(ended);
                return machine;
            } catch (error) {
                qemu.kill('SIGKILL');
                const output = await readFile(consoleFile, 'utf8').catch(() => '');
                const complaints = String(qemu.stderr.read() ?? '');
                throw new Error(
                    `The virtual machine ${options.name} does not start: ${complaints}\n${output.slice(-3000)}`,
                    { cause: error },
                );
            } finally {
                server.close();
            }
        } finally {
            // What QEMU has opened stays until it ends.
            await rm(directory, { recursive: true, force: true });
        }
    }

    start(argv: readonly string[]): Child {
        const number = ++this.#lastProgram;
        const program = new Program((kind, content) => {
            this.#port.write(toBytes({ kind, program: number, content }));
        });
        this.#programs.set(number, program);
        program.send('start', Buffer.from(JSON.stringify(argv)));
        return program;
    }

    async isRunning(): Promise<boolean> {
        return Promise.resolve(this.#qemu.exitCode === null && this.#qemu.signalCode === null);
    }

    /** Shuts down as a computer does, and by force after a while. */
    async down(): Promise<void> {
        if (!(await this.isRunning())) return;
        // The machine may be off before it can say that it will be.
        this.start(['systemctl', '--no-block', 'poweroff']).once('error', () => undefined);
        const off = async () => !(await this.isRunning());
        await until(`${this.name} is off`, off, { timeout: 60_000 }).catch(() => this.#qemu.kill('SIGKILL'));
        await until(`${this.name} has ended`, off);
    }

    async #untilItAnswers(ended: Promise<never>): Promise<void> {
        const { promise, resolve, reject } = Promise.withResolvers<undefined>();
        const limit = setTimeout(() => {
            reject(new Error(`it did not answer within ${bootLimit} ms`));
        }, bootLimit);
        const reader = new FrameReader();
        this.#port.on('data', chunk => {
            for (const frame of reader.push(chunk)) {
                if (frame.program === 0) resolve(undefined);
                else this.#receive(frame);
            }
        });
        // What is on its way when the machine goes off is lost; “close” follows.
        this.#port.on('error', () => undefined);
        this.#port.once('close', () => {
            for (const program of this.#programs.values()) {
                program.end({ code: null, signal: null, error: `${this.name} is off` });
            }
            this.#programs.clear();
        });
        await Promise.race([promise, ended]).finally(() => {
            clearTimeout(limit);
        });
    }

    #receive({ kind, program: number, content }: Frame): void {
        const program = this.#programs.get(number);
        if (kind === 'output') program?.stdout.write(content);
        else if (kind === 'errors') program?.stderr.write(content);
        else {
            this.#programs.delete(number);
            program?.end(JSON.parse(content.toString()) as Ending);
        }
    }
}

type Endings = {
    error: [Error];
    exit: [code: number | null, signal: NodeJS.Signals | null];
    close: [code: number | null, signal: NodeJS.Signals | null];
};

/** A program inside, which is used like one of this machine. */
class Program extends EventEmitter<Endings> implements Child {
    readonly send: (kind: Kind, content: Buffer) => void;
    readonly stdout = new PassThrough();
    readonly stderr = new PassThrough();
    readonly stdin = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
            this.send('input', chunk);
            done();
        },
        final: done => {
            this.send('input', Buffer.alloc(0));
            done();
        },
    });

    constructor(send: (kind: Kind, content: Buffer) => void) {
        super();
        this.send = send;
    }

    kill(): boolean {
        this.send('kill', Buffer.alloc(0));
        return true;
    }

    end({ code, signal, error }: Ending): void {
        if (error !== undefined) {
            this.emit('error', new Error(error));
            return;
        }
        this.emit('exit', code, signal);
        // All of its output comes before the end; the reader may still be busy with that.
        const streams = [this.stdout, this.stderr];
        const close = () => {
            if (streams.every(({ closed }) => closed)) this.emit('close', code, signal);
        };
        for (const stream of streams) {
            stream.end();
            stream.once('close', close);
        }
        // Who gave up waiting for it has destroyed them.
        close();
    }
}

/** Fails when QEMU cannot be started, and when it ends. */
function endOf(qemu: ChildProcess): Promise<never> {
    return new Promise((_resolve, reject) => {
        qemu.on('error', reject);
        qemu.once('exit', code => {
            reject(new Error(`QEMU ended with ${code ?? 'a signal'}`));
        });
    });
}

/** Why there is no virtual machine here; undefined when there is one. */
export function whyNoMachine(): string | undefined {
    try {
        requireQemu();
        return undefined;
    } catch (error) {
        if (!(error instanceof DesktopUnavailable)) throw error;
        return error.message;
    }
}

function requireQemu(): void {
    if (process.arch !== 'x64') throw new DesktopUnavailable('the virtual machine is one of x86-64');
    const missing = ensureHostPackages({
        'qemu-system-x86_64': 'qemu-system-x86',
        mke2fs: 'e2fsprogs',
        'dpkg-deb': 'dpkg',
    });
    if (missing.length > 0) throw new DesktopUnavailable(`missing here: ${missing.join(', ')}`);
}

async function makeDisk(options: MachineOptions, directory: string): Promise<{ kernel: string; disk: string }> {
    const archives = await fetchArchives(options.suite, kernelPackages);
    if (archives === null) throw new DesktopUnavailable('the kernel of the virtual machine could not be fetched');
    for (const part of ['upper', 'work', 'root', 'kernel']) await mkdir(join(directory, part), { recursive: true });
    const upper = join(directory, 'upper');
    const parts = (await readdir(archives)).filter(name => /^(?:linux|kmod|libkmod2)[-_].*\.deb$/.test(name));
    for (const part of parts) await run(['dpkg-deb', '--extract', join(archives, part), upper]);
    await layOver(upper, { ...ownFiles, ...options.files });
    const kernel = join(directory, 'vmlinuz');
    await run(['cp', await findKernel(upper), kernel]);
    const disk = join(directory, 'disk.img');
    const binds = Object.entries(options.binds).flatMap(([inside, outside]) => [outside, inside]);
    const script = join(import.meta.dirname, 'machineDisk.sh');
    const lower = join(cache.images, options.image);
    const namespace = ['unshare', '--mount', '--propagation', 'private'];
    await run([...namespace, 'bash', script, lower, directory, disk, ...binds], { timeout: 300_000 });
    return { kernel, disk };
}

/** Until trixie in /boot, then beside its modules. */
async function findKernel(root: string): Promise<string> {
    const files = await readdir(root, { recursive: true });
    const file = files.find(name => /^(?:boot\/vmlinuz-[^/]*|usr\/lib\/modules\/[^/]*\/vmlinuz)$/.test(name));
    if (file === undefined) throw new Error('the packages of the kernel hold none');
    return join(root, file);
}

function qemuArgv({ kernel, disk, console, socket }: Record<'kernel' | 'disk' | 'console' | 'socket', string>) {
    return [
        ...['qemu-system-x86_64', '-accel', 'tcg,thread=multi', '-cpu', processor, '-smp', '2', '-m', String(memory)],
        ...['-nodefaults', '-display', 'none', '-no-reboot', '-serial', `file:${console}`],
        ...['-kernel', kernel, '-append', kernelOptions],
        ...['-drive', `file=${disk},format=raw,if=none,id=disk,cache=unsafe`],
        ...['-device', 'nvme,drive=disk,serial=disk'],
        ...['-chardev', `socket,path=${socket},id=port`],
        ...['-device', 'virtio-serial', '-device', 'virtserialport,chardev=port,name=reeve'],
    ];
}
