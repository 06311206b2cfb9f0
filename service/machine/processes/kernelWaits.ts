import { setTimeout as delay } from 'node:timers/promises';

import { safeText } from '../../text/sanitise.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { parseSwitches, readProcess } from './processes.ts';

/** What processes wait for in the kernel. */
export type Place = {
    waits: 'server' | 'filesystem' | 'child' | 'disk';
    function: RegExp;
    /** Types of the filesystems that it may be. */
    types?: RegExp;
};

/**
 * What a process waits for, by the kernel function it waits in: the names are those of net/sunrpc/sched.c,
 * fs/{nfs,smb/client,fuse,autofs}, mm/filemap.c, block/, fs/{jbd2,ext4,xfs,btrfs} and kernel/fork.c in Linux.
 */
const places: readonly Place[] = [
    { waits: 'server', function: /^(?:rpc_|__rpc_|nfs\d?_|__nfs|autofs_)/, types: /^nfs\d?$/ },
    { waits: 'server', function: /^(?:cifs_|smb\d?_|wait_for_response|compound_send_recv)/, types: /^(?:cifs|smb3)$/ },
    { waits: 'server', function: /^ceph_/, types: /^ceph$/ },
    { waits: 'filesystem', function: /^(?:request_wait_answer|fuse_|__fuse_)/, types: /^fuse(?:blk)?(?:\.|$)/ },
    { waits: 'child', function: /^(?:kernel_clone|_do_fork|wait_for_vfork_done)/ },
    {
        waits: 'disk',
        function:
            /^(?:io_schedule|folio_wait|wait_on_page|__folio_lock|__lock_page|__wait_on_buffer|bit_wait_io|blk_|submit_bio|rq_qos|balance_dirty|jbd2_|ext4_|xfs_|xlog_|btrfs_|f2fs_|wait_on_commit|do_get_write_access)/,
    },
];

/** What waits for a disk cannot even be ended; what waits for these can (TASK_KILLABLE of the kernel). */
const killable: ReadonlySet<Place['waits'] | undefined> = new Set<Place['waits']>(['server', 'filesystem', 'child']);

/** @param waits of a place; undefined where it is not known */
export function canBeEnded(waits: Place['waits'] | undefined): boolean {
    return killable.has(waits);
}

/** The function of the kernel that a process waits in; empty where it does not, and for programs of others, of which the kernel says 0. */
export async function readWait(machine: Machine, pid: number): Promise<string> {
    const text = safeText(((await readText(machine, `/proc/${pid}/wchan`, 256)) ?? '').trim(), 64);
    return text === '0' ? '' : text;
}

export function placeOf(wait: string): Place | undefined {
    return places.find(each => each.function.test(wait));
}

/** For this long it must not have done anything; a process that is short of memory waits for a disk most of the time. Milliseconds. */
const still = 500;

/**
 * Whether nothing can end a process: it waits in the kernel for something during which not even SIGKILL reaches it, and does not
 * do anything meanwhile, which is how the kernel, too, knows what hangs (check_hung_task() in kernel/hung_task.c).
 */
export async function isBeyondEnding(machine: Machine, pid: number, signal: AbortSignal): Promise<boolean> {
    const before = await readSwitches(machine, pid);
    if (before === null) return false;
    await delay(still, undefined, { signal });
    return (await readSwitches(machine, pid)) === before;
}

/** null for what does not wait, or can be ended all the same. */
async function readSwitches(machine: Machine, pid: number): Promise<number | null> {
    const process = await readProcess(machine, pid);
    if (process?.state !== 'D' || canBeEnded(placeOf(await readWait(machine, pid))?.waits)) return null;
    return parseSwitches((await readText(machine, `/proc/${pid}/status`, 4096)) ?? '');
}
