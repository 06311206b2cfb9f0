// The image without its boot loader, kernel and devices: its files in a container, and a session of GNOME that gdm starts without a screen.
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Container } from '../desktop/container.ts';
import { run } from '../desktop/hostCommand.ts';
import { until } from '../desktop/waiting.ts';

/** Stands for the port of the virtual machine; there, nobody reads the file. */
const port = '/dev/virtio-ports/reeve';
/** Milliseconds, each. */
const patience = 600_000;

/** @param onLine called with each line that is told from inside */
export async function bootInContainer(image: string, onLine: (line: string) => void): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'reeve-image-root-'));
    try {
        const source = `${image}?offset=${await offsetOfRoot(image)}`;
        await run(['debugfs', '-R', `rdump / ${folder}`, source], { timeout: patience });
        await using computer = await Container.boot({
            ...{ name: `image-${process.pid}`, suite: 'forky', image: folder, detached: false, keep: false, binds: {} },
            files: { '/root/inside.sh': await readFile(join(import.meta.dirname, 'inside.sh'), 'utf8') },
        });
        const inside = (...argv: string[]) => run(computer.enter(argv), { mayFail: true, timeout: patience });
        const isUp = async () => (await inside('systemctl', 'is-active', 'gdm.service')).stdout === 'active\n';
        await until('gdm runs', isUp, { timeout: patience });
        await inside('install', '-D', '/dev/null', port);
        await inside('/usr/libexec/gdm-new-session', 'live', '--headless');
        await inside('systemd-run', '--unit=test-inside', 'bash', '/root/inside.sh', 'live');
        let seen = 0;
        const end = async () => {
            const lines = (await inside('cat', port)).stdout.split('\n').slice(0, -1);
            for (const line of lines.slice(seen)) onLine(line);
            seen = lines.length;
            return lines.some(line => line.startsWith('end\t')) || !(await computer.isRunning());
        };
        await until('everything was told', end, { timeout: patience });
    } finally {
        await rm(folder, { recursive: true });
    }
}

/** Of the last partition, in bytes: the UEFI Specification, "GUID Partition Table (GPT) Disk Layout". */
async function offsetOfRoot(image: string): Promise<bigint> {
    const sector = 512;
    await using file = await open(image);
    const read = async (length: number, position: number) =>
        (await file.read(Buffer.alloc(length), 0, length, position)).buffer;
    const header = await read(sector, sector);
    const [count, size] = [header.readUInt32LE(80), header.readUInt32LE(84)];
    const entries = await read(count * size, Number(header.readBigUInt64LE(72)) * sector);
    const starts = Array.from({ length: count }, (_, index) => entries.readBigUInt64LE(index * size + 32));
    return starts.reduce((last, start) => (start > last ? start : last)) * BigInt(sector);
}
