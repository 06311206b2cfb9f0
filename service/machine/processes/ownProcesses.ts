/** What Reeve's own processes hold: the service, what it started, and the units beside it that run models. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export type Socket = {
    /** "192.0.2.1:443"; the other end, or the own one where nothing is connected yet. */
    address: string;
    isLoopback: boolean;
};

export type OwnProcess = {
    pid: number;
    name: string;
    /** Of the internet protocols, connected or listening; null where the kernel does not show them. */
    sockets: Socket[] | null;
    /** Of graphics cards. */
    devices: string[];
    /** Whether the kernel may write its memory to a file when it crashes. */
    dumps: boolean;
    /** Bytes. */
    swapped: number;
    /** Whether its control group keeps it out of the swap. */
    staysInMemory: boolean;
    isModel: boolean;
};

const mount = '/sys/fs/cgroup';
const modelUnit = /^reeve-inference-\d+-\d+\.service$/;
const tables = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6', 'icmp', 'icmp6'];
const graphics = /^\/dev\/(?:dri\/|nvidia|kfd$)/;

/** @param pid of the service */
export async function readOwnProcesses(pid: number): Promise<OwnProcess[]> {
    const models = await modelProcesses(pid);
    const own = [...(await withDescendants(pid))].filter(each => !models.has(each));
    const all = [...own.map(each => [each, false] as const), ...[...models].map(each => [each, true] as const)];
    const read = await Promise.all(all.map(([each, isModel]) => readOne(each, isModel)));
    return read.filter(process => process !== null);
}

/** proc_pid_stat(5): the name stands in parentheses and may hold any character, and the parent is the second field behind it. */
async function withDescendants(pid: number): Promise<Set<number>> {
    const found = new Set([pid]);
    const parents = new Map<number, number>();
    for (const name of await readdir('/proc')) {
        if (!/^\d+$/.test(name)) continue;
        const stat = await textOf(`/proc/${name}/stat`);
        parents.set(Number(name), Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    }
    for (const ancestor of found) for (const [child, parent] of parents) if (parent === ancestor) found.add(child);
    return found;
}

/** The units that run models stand in the same slice as the service's own. */
async function modelProcesses(pid: number): Promise<Set<number>> {
    const slice = dirname(join(mount, await groupOf(pid)));
    const units = (await readdir(slice).catch(() => [])).filter(name => modelUnit.test(name));
    const texts = await Promise.all(units.map(unit => textOf(join(slice, unit, 'cgroup.procs'))));
    return new Set(texts.flatMap(text => (text ?? '').split('\n').filter(Boolean).map(Number)));
}

/** cgroups(7), of version 2; "/" where there is none. */
async function groupOf(pid: number): Promise<string> {
    return /^0::(.*)$/m.exec((await textOf(`/proc/${pid}/cgroup`)) ?? '')?.[1] ?? '/';
}

/** null for one that has ended. */
async function readOne(pid: number, isModel: boolean): Promise<OwnProcess | null> {
    const [status, limits] = await Promise.all([textOf(`/proc/${pid}/status`), textOf(`/proc/${pid}/limits`)]);
    if (status === null) return null;
    const files = await openFiles(pid);
    const swapMax = await textOf(join(mount, await groupOf(pid), 'memory.swap.max'));
    return {
        pid,
        name: (await scriptOf(pid)) ?? /^Name:\t(.*)$/m.exec(status)?.[1] ?? '',
        sockets: files === null ? null : await socketsOf(pid, files),
        devices: [...new Set((files ?? []).filter(path => graphics.test(path)))],
        dumps: !/^Max core file size +0 +0 /m.test(limits ?? ''),
        swapped: Number(/^VmSwap:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024,
        staysInMemory: swapMax?.trim() === '0',
        isModel,
    };
}

/** Node calls each of its processes “MainThread”; the script says which of Reeve's programs it is. */
async function scriptOf(pid: number): Promise<string | null> {
    const argv = ((await textOf(`/proc/${pid}/cmdline`)) ?? '').split('\0');
    const script = argv.find(argument => argument.endsWith('.mjs'));
    return script === undefined ? null : basename(script, '.mjs');
}

/** proc_pid_fd(5); null without permission. */
async function openFiles(pid: number): Promise<string[] | null> {
    const names = await readdir(`/proc/${pid}/fd`).catch(() => null);
    if (names === null) return null;
    return await Promise.all(names.map(name => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
}

/** proc_pid_net(5), in the network namespace of the process: the inode is the tenth column. */
async function socketsOf(pid: number, files: readonly string[]): Promise<Socket[]> {
    const inodes = new Set(files.flatMap(path => /^socket:\[(\d+)\]$/.exec(path)?.[1] ?? []));
    const texts = await Promise.all(tables.map(table => textOf(`/proc/${pid}/net/${table}`)));
    return texts.flatMap(text =>
        (text ?? '').split('\n').flatMap(line => {
            const columns = line.trim().split(/\s+/);
            if (!inodes.has(columns[9] ?? '')) return [];
            const remote = addressOf(columns[2] ?? '');
            const local = addressOf(columns[1] ?? '');
            return [remote.port === 0 ? local : remote].map(({ host, port, isLoopback }) => ({
                address: `${host}:${port}`,
                isLoopback,
            }));
        }),
    );
}

/** "0100007F:1F90": words of 32 bits in the order of the processor's bytes, here little-endian as on all that Reeve runs on. */
function addressOf(text: string): { host: string; port: number; isLoopback: boolean } {
    const [hexadecimal = '', port = ''] = text.split(':');
    const words = hexadecimal.match(/.{8}/g) ?? [];
    const bytes = words.flatMap(word => [...Buffer.from(word, 'hex').reverse()]);
    const isMapped = bytes.length === 16 && bytes.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255';
    const short = bytes.length === 4 || isMapped ? bytes.slice(-4) : null;
    const groups = Array.from({ length: 8 }, (_none, index) =>
        (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
    );
    return {
        host: short === null ? `[${groups.join(':')}]` : short.join('.'),
        port: Number.parseInt(port, 16),
        isLoopback: short === null ? groups.join() === '0,0,0,0,0,0,0,1' : short[0] === 127,
    };
}

/**
 * The swap on which memory lies as plain text: neither compressed memory nor encrypted by dm-crypt, whose devices have a UUID that
 * begins with CRYPT- (cryptsetup, lib/libdevmapper.c).
 */
export async function plainSwap(): Promise<string[]> {
    const lines = ((await textOf('/proc/swaps')) ?? '').split('\n').slice(1).filter(Boolean);
    const places = lines.map(line => line.split(/\s/)[0] ?? '').filter(path => !path.startsWith('/dev/zram'));
    const plain = await Promise.all(
        places.map(async path => {
            const uuid = await textOf(`/sys/block/${basename(path)}/dm/uuid`);
            return uuid?.startsWith('CRYPT-') === true ? [] : [path];
        }),
    );
    return plain.flat();
}

async function textOf(path: string): Promise<string | null> {
    return await readFile(path, 'utf8').catch(() => null);
}
