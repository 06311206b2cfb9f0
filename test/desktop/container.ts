// One booted copy of an image: a systemd-nspawn container over an overlay, entered with nsenter.
import { spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { access, cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as cache from './cache.ts';
import { removeControlGroup } from './controlGroup.ts';
import type { Computer } from './computer.ts';
import { run, start, type Child } from './hostCommand.ts';
import { childrenOf, identify, isAlive, kill, type ProcessIdentity } from './process.ts';
import type { Suite } from './image.ts';
import { until } from './waiting.ts';

/** Kept in `cache.running/NAME/state.json`, for other processes (the command line, the next run's cleaning). */
type State = {
    suite: Suite;
    image: string;
    /** The container ends when this process does; none for one that stays until it is taken down. */
    owner?: ProcessIdentity;
    keep: boolean;
    /** The process whose end ends the container. */
    supervisor: ProcessIdentity;
    /** PID 1 of the container. */
    leader: ProcessIdentity;
};

export type ContainerOptions = {
    name: string;
    suite: Suite;
    /** The name of one in the cache, or a folder. */
    image: string;
    /** A folder of this machine whose files lie over those of the image. */
    layer?: string | undefined;
    /** Path inside → text, or a file or folder of this machine. There before the first process starts. */
    files: Record<string, string | URL>;
    /** Path inside → folder of this machine, read-only. */
    binds: Record<string, string>;
    /** Outlive this process. */
    detached: boolean;
    /** Keep what a desktop of this name changed, from one start to the next. */
    keep: boolean;
};

export const alice = {
    uid: 1000,
    gid: 1000,
    home: '/home/alice',
    runtime: '/run/user/1000',
    password: 'alice',
} as const;

export class Container implements Computer, AsyncDisposable {
    readonly name: string;
    readonly suite: Suite;
    readonly slowness = 1;
    readonly #state: State;
    readonly #dropCapabilities: string;

    private constructor(name: string, state: State, dropCapabilities: string) {
        this.name = name;
        this.suite = state.suite;
        this.#state = state;
        this.#dropCapabilities = dropCapabilities;
    }

    static async boot(options: ContainerOptions): Promise<Container> {
        const { name, suite, image, files, detached, keep } = options;
        await removeStale();
        const directory = join(cache.running, name);
        if (await readState(name)) throw new Error(`A test desktop named ${name} is running; take it down first`);
        if (!keep) await rm(directory, { recursive: true, force: true });
        for (const part of ['upper', 'work', 'root']) await mkdir(join(directory, part), { recursive: true });
        await layOver(join(directory, 'upper'), files);

        const [program = '', ...argv] = startingArgv(options, directory);
        const consoleFile = join(directory, 'console.log');
        const console = openSync(consoleFile, 'w');
        const child = spawn(program, argv, { stdio: ['ignore', console, console], detached: true });
        closeSync(console);
        child.unref();
        let failure: Error | undefined;
        child.once('error', error => (failure = error));
        child.once('exit', code => (failure = new Error(`it exited with ${code ?? 'a signal'}`)));
        try {
            const pids = await until(`PID 1 of ${name} runs`, async () => {
                if (failure) return { failure };
                if (child.pid === undefined) return undefined;
                const supervisor = await identify(child.pid);
                const leader = await findLeader(child.pid);
                return supervisor && leader && { supervisor, leader };
            });
            if ('failure' in pids) throw pids.failure;
            const owner = detached ? undefined : await identify(process.pid);
            const state: State = { suite, image, keep, ...(owner && { owner }), ...pids };
            // Whole or not at all, for those who read it meanwhile.
            await writeFile(join(directory, 'state.json.new'), JSON.stringify(state));
            await rename(join(directory, 'state.json.new'), join(directory, 'state.json'));
            const container = new Container(name, state, await capabilitiesToDrop(pids.leader.pid));
            await container.#allowSandboxes();
            return container;
        } catch (error) {
            if (child.pid !== undefined && !failure) process.kill(-child.pid, 'SIGKILL');
            const output = await readFile(consoleFile, 'utf8');
            await removeLeftovers(name, keep);
            throw new Error(`The container ${name} does not start\n${output.slice(-2000)}`, { cause: error });
        }
    }

    /** A container that another process booted. */
    static async attach(name: string): Promise<Container> {
        const state = await readState(name);
        if (!state) throw new Error(`No test desktop named ${name} is running`);
        return new Container(name, state, await capabilitiesToDrop(state.leader.pid));
    }

    /**
     * The host's argv for a command inside, as root and outside of any unit.
     * nsenter alone would keep the host's capabilities, and setting the clock inside would set the host's.
     */
    enter(argv: readonly string[]): string[] {
        return this.#enter(['--all'], argv);
    }

    start(argv: readonly string[]): Child {
        return start(this.enter(argv));
    }

    /** As `enter`, with the host's network in place of the container's own, which has none. */
    enterOnline(argv: readonly string[]): string[] {
        return this.#enter(['--mount', '--uts', '--ipc', '--pid', '--cgroup'], argv);
    }

    /** A path inside as this machine sees it: only good for checking whether something exists (links). */
    outside(path: string): string {
        return `/proc/${this.#state.leader.pid}/root${path}`;
    }

    async isRunning(): Promise<boolean> {
        return isAlive(this.#state.supervisor);
    }

    /** Ends at once. One whose changes are kept shuts down as a computer does, and by force after ten seconds. */
    async down(): Promise<void> {
        if (await this.isRunning()) {
            const off = async () => !(await this.isRunning());
            if (this.#state.keep) {
                await run(this.enter(['systemctl', '--no-block', 'poweroff']), { mayFail: true });
                await until(`${this.name} is off`, off, { timeout: 10_000 }).catch(() => undefined);
            }
            await kill(this.#state.supervisor);
            await until(`${this.name} has ended`, off);
        }
        await removeLeftovers(this.name, this.#state.keep);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.down();
    }

    #enter(namespaces: readonly string[], argv: readonly string[]): string[] {
        const leader = String(this.#state.leader.pid);
        return [
            ...['nsenter', '--target', leader, ...namespaces],
            ...['setpriv', '--bounding-set', this.#dropCapabilities, ...argv],
        ];
    }

    /**
     * Flatpak and bubblewrap need a fuse device (a node of the container's own: a bound one would share the host's inode)
     * and a writable /proc/sys/user, which nspawn mounts read-only.
     */
    async #allowSandboxes(): Promise<void> {
        const script = [
            'mknod -m 666 /dev/fuse c 10 229',
            'mkdir -p /run/proc',
            'mount -t proc proc /run/proc',
            'mount --bind /run/proc/sys/user /proc/sys/user',
            'umount --lazy /run/proc',
        ].join(' && ');
        await run(this.enter(['sh', '-c', script]));
    }
}

export async function listContainers(): Promise<{ name: string; suite: Suite }[]> {
    await removeStale();
    return [...(await readStates())].map(([name, { suite }]) => ({ name, suite }));
}

function startingArgv({ name, image, layer, binds, detached }: ContainerOptions, directory: string): string[] {
    // The chain that ends a container with its owner, even a killed one: the kernel kills unshare when its parent ends, then
    // the first process of the new PID namespace, and with that one all the others in it.
    const ending = detached ? [] : ['setpriv', '--pdeathsig', 'KILL'];
    const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
    return [
        ...[...ending, 'unshare', ...namespaces, 'bash', join(import.meta.dirname, 'namespace.sh')],
        ...[
            name,
            '--overlay',
            [...(layer === undefined ? [] : [layer]), resolve(cache.images, image)].join(':'),
            directory,
        ],
        ...['systemd-nspawn', '--quiet', `--directory=${join(directory, 'root')}`, '--boot'],
        // A host without systemd-machined; nothing but a loopback device; the journal stays inside.
        ...['--register=no', '--keep-unit', '--private-network', '--link-journal=no'],
        // systemd-nspawn refuses what it does not know; a computer has landlock(7).
        '--system-call-filter=landlock_create_ruleset landlock_add_rule landlock_restrict_self',
        ...Object.entries(binds).map(([inside, outside]) => `--bind-ro=${outside}:${inside}`),
    ];
}

/** The folder with all that a desktop has changed. */
export const layerOf = (name: string) => join(cache.running, name, 'upper');

/** The images that desktops stand on now, which must not be touched. */
export async function imagesInUse(): Promise<Set<string>> {
    return new Set([...(await readStates()).values()].map(({ image }) => image));
}

/** Of all containers, whether they still run or only left something. Others may remove theirs at any time. */
async function readStates(): Promise<Map<string, State>> {
    const states = new Map<string, State>();
    for (const name of await readdir(cache.running).catch(() => [])) {
        const text = await readFile(join(cache.running, name, 'state.json'), 'utf8').catch(() => undefined);
        if (text !== undefined) states.set(name, JSON.parse(text) as State);
    }
    return states;
}

/** @returns undefined when no container of that name runs */
async function readState(name: string): Promise<State | undefined> {
    const state = (await readStates()).get(name);
    return state && (await isAlive(state.supervisor)) ? state : undefined;
}

/** The supervisor has nspawn as its only child; nspawn has PID 1 of the container as its only child called systemd. */
async function findLeader(supervisor: number): Promise<ProcessIdentity | undefined> {
    for (const nspawn of await childrenOf(supervisor)) {
        for (const pid of await childrenOf(nspawn)) {
            const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
            if (name.trim() === 'systemd') return identify(pid);
        }
    }
    return undefined;
}

/** Puts files into a folder, and gives alice's home to her. */
export async function layOver(upper: string, files: ContainerOptions['files']): Promise<void> {
    for (const [inside, content] of Object.entries(files)) {
        const target = join(upper, inside);
        await mkdir(dirname(target), { recursive: true });
        if (typeof content === 'string') await writeFile(target, content);
        else await cp(content, target, { recursive: true });
    }
    const home = join(upper, alice.home);
    const hasHome = await access(home).then(
        () => true,
        () => false,
    );
    if (hasHome) await run(['chown', '--recursive', `${alice.uid}:${alice.gid}`, home]);
}

/** What nspawn took from PID 1 of the container (CapBnd in proc_pid_status(5)), as an argument of setpriv(1). */
async function capabilitiesToDrop(leader: number): Promise<string> {
    const status = await readFile(`/proc/${leader}/status`, 'utf8');
    const bounding = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? ''}`);
    const { stdout } = await run(['setpriv', '--list-caps']);
    const names = stdout.trim().split('\n');
    const dropped = names.filter((_name, bit) => ((bounding >> BigInt(bit)) & 1n) === 0n);
    if (dropped.length === 0) throw new Error('the container has all capabilities of this machine');
    return dropped.map(name => `-${name}`).join(',');
}

/** Remains of containers whose end nobody saw: of a killed test run, or from before a reboot. */
async function removeStale(): Promise<void> {
    for (const [name, state] of await readStates()) {
        if (state.owner && !(await isAlive(state.owner))) await kill(state.supervisor);
        else if (await isAlive(state.supervisor)) continue;
        await until(`${name} has ended`, async () => !(await isAlive(state.supervisor)));
        // What somebody was to go on with who was killed is of no use to anybody.
        await removeLeftovers(name, state.keep && state.owner === undefined);
    }
}

/** Removes what a desktop left that was to be kept, and is off. */
export async function discard(name: string): Promise<void> {
    await removeLeftovers(name, false);
}

async function removeLeftovers(name: string, keep: boolean): Promise<void> {
    const directory = join(cache.running, name);
    await rm(join(directory, 'state.json'), { force: true });
    if (!keep) await rm(directory, { recursive: true, force: true });
    await removeControlGroup(name);
}
