/**
 * How the process that runs a model is started.
 *
 * The service runs under a system-call filter that forbids memory which is both written and executed, and every child would
 * inherit it, also one that is moved to another cgroup or a scope. Neither a JIT nor a GPU driver can live with that. So
 * where the service is a unit of the user's service manager, that manager starts the worker as a transient service beside
 * it: its own cgroup, its own and different sandbox, first in the line of the out-of-memory killer. `systemd-run --pipe` gives
 * the manager our ends of the pipes (systemd-run(1)) and waits. Elsewhere, in a terminal or a container, the worker is a
 * plain child: same pipes, no cgroup of its own.
 */
import { readFileSync } from 'node:fs';

import { families, isolation, pathsIn, programPaths, type IsolationKind, type Paths } from './isolation.ts';

export type Launch = {
    argv: readonly [string, ...string[]];
    environment: NodeJS.ProcessEnv;
    /**
     * What kills the process when it does not end by itself, where killing the child does not reach it; null where it
     * does.
     */
    kill: readonly [string, ...string[]] | null;
};

/** The command to run: Node and the script, with its requirements. */
export type Program = { node: string; flags?: readonly string[]; script: string };

/** Variables by which people configure GPU drivers and llama.cpp. */
const passedOn = /^(?:GGML_|VK_|CUDA_|MESA_|LIBGL_|NVIDIA_|__GL_|LD_LIBRARY_PATH$)/;
/** What the service's own launcher sets for the service alone: NODE_OPTIONS of the user's, and a frugal allocator. */
const notPassedOn =
    /^(?:NODE_OPTIONS|MALLOC_.*|GLIBC_TUNABLES|JOURNAL_STREAM|NOTIFY_SOCKET|INVOCATION_ID|WATCHDOG_.*)$/;

let count = 0;

/**
 * @param unit that of the service, as `ownUnit` finds it
 * @param isolated how a worker is isolated, and what it may read and write besides its program; null if it cannot be
 */
export function launch(
    { node, flags = [], script }: Program,
    unit: string | null,
    environment: NodeJS.ProcessEnv,
    isolated: (Paths & { kind: IsolationKind }) | null = null,
): Launch {
    const command = [node, ...flags, script] as const;
    const kept = Object.fromEntries(Object.entries(environment).filter(([name]) => !notPassedOn.test(name)));
    if (unit === null) return { argv: command, environment: kept, kill: null };
    count += 1;
    const passed = Object.entries(kept).filter(([variable]) => passedOn.test(variable));
    const drivers = passed.flatMap(([, value = '']) => pathsIn(value));
    const own =
        isolated === null
            ? { properties: [`RestrictAddressFamilies=${families}`], prefix: [] }
            : isolation(isolated.kind, {
                  reads: [...programPaths({ node, script }), ...drivers, ...isolated.reads],
                  writes: isolated.writes,
              });
    const name = `reeve-inference-${process.pid}-${count}.service`;
    const properties = [
        // Ends with the service, also when the worker no longer reads its input.
        `BindsTo=${unit}`,
        'OOMScoreAdjust=1000',
        'LimitCORE=0',
        // Questions, answers and what a model makes of them must not lie on a disk that is not encrypted.
        'MemorySwapMax=0',
        'UMask=0077',
        'TimeoutStopSec=2',
        // The worker ends this way on purpose; a crash is reported to the caller, not shown as a failed unit.
        'SuccessExitStatus=SIGKILL SIGABRT SIGSEGV SIGBUS SIGILL SIGFPE',
        'SendSIGKILL=yes',
        // Yields to other programs that want the processor.
        'CPUWeight=50',
        'NoNewPrivileges=yes',
        'RestrictNamespaces=yes',
        'RestrictRealtime=yes',
        'RestrictSUIDSGID=yes',
        'LockPersonality=yes',
        'SystemCallArchitectures=native',
        'UnsetEnvironment=NODE_OPTIONS',
        ...own.properties,
    ];
    return {
        argv: [
            'systemd-run',
            '--user',
            '--pipe',
            '--wait',
            '--collect',
            '--service-type=exec',
            '--slice-inherit',
            '--expand-environment=no',
            `--unit=${name}`,
            '--description=Language model of Reeve',
            ...properties.map(property => `--property=${property}`),
            ...passed.map(([variable]) => `--setenv=${variable}`),
            '--',
            ...own.prefix,
            ...command,
        ],
        environment: kept,
        kill: ['systemctl', '--user', 'kill', '--signal=SIGKILL', name],
    };
}

/**
 * The unit of the user's service manager that this process is the service of; null when it is none.
 *
 * @param cgroup the text of /proc/self/cgroup (cgroups(7)): the unified hierarchy, or systemd's own beside version 1
 */
export function ownUnit(cgroup = readOwnCgroup()): string | null {
    const path = /^(?:0::|\d+:name=systemd:)\/.*\/user@\d+\.service\/(?:[^/\n]+\/)*([\w.@\\:-]+\.service)$/m;
    return path.exec(cgroup)?.[1] ?? null;
}

/** How the worker's unit ended. */
export type UnitEnd = {
    /** "SIGABRT", "exit status 1" */
    how: string;
    /** The kernel killed it to free memory. */
    isStarved: boolean;
};

/**
 * What `systemd-run --wait` says at the end: "Finished with result: oom-kill", "Main processes terminated with:
 * code=killed, status=9/KILL" (src/run/run.c of systemd; its exit status does not carry signals). These lines stand
 * among the worker's own.
 *
 * @param output from standard error
 * @returns null without such a line; and the rest of the output
 */
export function readUnitEnd(output: string): { end: UnitEnd | null; words: string } {
    const [, code, status, name] =
        /^Main processes terminated with: code=(\w+), status=(\d+)\/(\w+)/m.exec(output) ?? [];
    const [, result] = /^ *Finished with result: (\S+)/m.exec(output) ?? [];
    const words = output.replace(/^Running as unit: .*\n/m, '').replace(/^ *Finished with result: [^]*/m, '');
    if (code === undefined) return { end: null, words };
    const how = code === 'exited' ? `exit status ${status ?? ''}` : `SIG${name ?? ''}`;
    return { end: { how, isStarved: result === 'oom-kill' }, words };
}

function readOwnCgroup(): string {
    try {
        return readFileSync('/proc/self/cgroup', 'utf8');
    } catch {
        return '';
    }
}
