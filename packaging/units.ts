/**
 * The units that systemd starts. Each setting that both have is stated once; what runs language models and commands in a sandbox are
 * transient units, whose settings their own modules have (service/inference/local/launch.ts, service/sandbox/sandboxUnit.ts).
 */
import { busName, mechanismName } from '../service/util/names.ts';
import { offeredMark } from './manifest.ts';

/** Where an installation has the programs, quoted as the file requires. */
export type Programs = {
    reeved: string;
    /** What offers Reeve. */
    offer: string;
    /** The folder that has mechanism.mjs and Node. */
    mechanism: string;
};

/** Options of V8 without a JIT, which `confined` needs. */
const nodeFlags = '--disable-warning=ExperimentalWarning --jitless --max-semi-space-size=1';

/** What they read is written by anybody, and what they know is nobody else's business. */
const discreet = ['LimitCORE=0', 'UMask=0077', 'KeyringMode=private'];

const confined = [
    'NoNewPrivileges=yes',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    // They run without a JIT.
    'MemoryDenyWriteExecute=yes',
    'SystemCallArchitectures=native',
    // V8 calls pkey_alloc(2) when it starts. A call outside of the list fails; it does not kill the answer to a question.
    'SystemCallFilter=@system-service @pkey',
    'SystemCallFilter=~@privileged @resources',
    'SystemCallErrorNumber=EPERM',
];

/**
 * The user's service.
 *
 * Left out on purpose:
 *
 * - ProtectSystem=, ProtectHome=, PrivateTmp=, PrivateDevices=, ProtectKernelTunables=, ProtectControlGroups=, ProtectClock=,
 *   ProtectHostname=, PrivateNetwork=, PrivateIPC=: a user's service manager can only do these inside a user namespace of the
 *   service's own (PrivateUsers=, implied; systemd.exec(5)). In there the kernel refuses to look into other programs: which file a
 *   process runs, its memory, its libraries, its open files (/proc/PID/exe, smaps_rollup, maps, fd; ptrace(2), "Ptrace access mode
 *   checking"; test/desktop/installation.spec.ts). Reeve could not say who uses the memory, holds a port, or runs what was replaced.
 *   Files of root would belong to nobody, and every mount would look read-only to a service
 *   that is asked which is. Where unprivileged user namespaces are restricted, as on Ubuntu, they silently do nothing.
 * - CapabilityBoundingSet=, ProtectKernelLogs=, ProtectKernelModules=: a user's service manager may not change the bounding set
 *   without a user namespace; with the first two the unit would not start. There are no capabilities to lose.
 * - ProtectProc=, ProcSubset=, IPAddressDeny=, DevicePolicy=: without effect in a user's service manager.
 */
export function serviceUnitText({ reeved }: Programs): string {
    return printUnit({
        Unit: [
            'Description=Reeve, the steward of this desktop',
            // Ten failures within five minutes, then it waits for somebody to look.
            'StartLimitIntervalSec=300',
            'StartLimitBurst=10',
        ],
        Service: [
            'Type=dbus',
            `BusName=${busName}`,
            `ExecStart=${reeved}`,
            'Restart=on-failure',
            'RestartSec=1',
            'RestartSteps=4',
            'RestartMaxDelaySec=30',
            'TimeoutStopSec=10',
            // The service ends the journalctl that it started; what it cannot end any more is killed.
            'KillMode=mixed',
            ...discreet,
            // Unix sockets for the buses, netlink to list interfaces. The internet is for what the user asked for by name: a model to
            // be downloaded, a server that was configured. The process that runs models has none of it.
            'RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6',
            ...confined,
            // ip(8) gives its capabilities up before it does anything, and ends when it may not (drop_cap() in iproute2's lib/utils.c).
            'SystemCallFilter=capset',
            // A leak of ours must not become the user's problem.
            'MemoryHigh=384M',
            'MemoryMax=512M',
            'TasksMax=128',
            'OOMPolicy=continue',
        ],
    });
}

/** What makes changes as root. */
export function mechanismUnitText({ mechanism }: Programs): string {
    return printUnit({
        Unit: ['Description=Reeve, approved changes to the system', 'Documentation=https://reevedesktop.org/'],
        Service: [
            'Type=dbus',
            `BusName=${mechanismName}`,
            `ExecStart=${mechanism}/node ${nodeFlags} ${mechanism}/mechanism.mjs`,
            'StateDirectory=reeve',
            'StateDirectoryMode=0700',
            ...discreet,
            'InaccessiblePaths=-/dev/shm',
            // What it runs, the system's manager runs, in units of their own. It ends when what is under way has ended.
            'TimeoutStopSec=120',
            // What only root can put programs into.
            'Environment=PATH=/usr/sbin:/usr/bin:/run/current-system/sw/bin',
            // It reads the system, to work plans out, and writes its own records. It speaks to the buses, and ip(8) and ss(8) to netlink.
            'ProtectSystem=strict',
            'ProtectHome=yes',
            'PrivateTmp=yes',
            'PrivateDevices=yes',
            'PrivateIPC=yes',
            'ProtectProc=default',
            'ProtectKernelTunables=yes',
            'ProtectKernelModules=yes',
            'ProtectKernelLogs=yes',
            'ProtectControlGroups=yes',
            'ProtectClock=yes',
            'ProtectHostname=yes',
            'RestrictAddressFamilies=AF_UNIX AF_NETLINK',
            ...confined,
            'IPAddressDeny=any',
            // To read what only root or a file's owner can.
            'CapabilityBoundingSet=CAP_DAC_READ_SEARCH',
            'AmbientCapabilities=',
            'MemoryMax=512M',
            'TasksMax=64',
        ],
    });
}

/** Offers Reeve once to each user at log-in. The user's service manager makes %S of $XDG_STATE_HOME: systemd.unit(5), "Specifiers". */
export function offerUnitText({ offer }: Programs): string {
    return printUnit({
        Unit: [
            'Description=Reeve, the offer to turn it on',
            `ConditionPathExists=!%S/reeve/${offeredMark}`,
            // The log-in screen is a session, too.
            'ConditionUser=!@system',
            'After=graphical-session.target',
            'PartOf=graphical-session.target',
        ],
        Service: [
            'Type=exec',
            `ExecStart=${offer}`,
            ...discreet,
            'RestrictAddressFamilies=AF_UNIX',
            ...confined,
            'MemoryMax=256M',
        ],
    });
}

function printUnit(sections: Record<string, readonly string[]>): string {
    return Object.entries(sections)
        .map(([name, lines]) => [`[${name}]`, ...lines, ''].join('\n'))
        .join('\n');
}
