import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { readProcess, readStats } from './processes.ts';
import type { Process } from './processes.ts';

/** Every thread of the kernel is a child of this one (rest_init() in init/main.c of Linux). */
const parent = { pid: 2, name: 'kthreadd' };
/** A computer with hundreds of processors has thousands. */
const threadLimit = 4096;

/** Whether threads of the kernel can be seen: in a container they cannot, nor where users see their own processes only. */
export async function seesKernelThreads(machine: Machine): Promise<boolean> {
    return (await readProcess(machine, parent.pid))?.name === parent.name;
}

/** All of them, by the list that proc_tid_children(5) describes; none on a kernel without it. */
export async function readKernelThreads(machine: Machine, signal: AbortSignal): Promise<Process[]> {
    const text = (await readText(machine, `/proc/${parent.pid}/task/${parent.pid}/children`)) ?? '';
    return readStats(machine, text.split(' ').filter(Boolean).slice(0, threadLimit), signal);
}

/** What a kernel thread does, as far as its name shows. */
export type KernelWork = {
    /** The common name of its threads: "kswapd", "kworker kacpid". */
    name: string;
    /** "queue": what drivers have put off until later. */
    kind: 'memory' | 'packets' | 'interrupts' | 'firmware' | 'queue';
    /** Of interrupts, the device; of a queue, its name, where it is known. */
    of?: string;
};

/**
 * Queues through which go the data that programs read, write and send: encryption, disks, filesystems, network shares and
 * tunnels. The kernel works them off for as long as programs give it more.
 */
const forPrograms =
    /^(?:kcrypt|dm|kdm|md|raid|bcache|loop|nbd|nvme|scsi|kblockd|blk|flush|writeback|wb|btrfs|ext4|xfs|f2fs|jfs|gfs|ocfs|fuse|nfs|rpc|xprt|cifs|smb|ceph|z_|zfs|zvol|wg-|tls|crypto|pencrypt|pdecrypt|io_|iou)/;

/**
 * The names are those of mm/vmscan.c, mm/compaction.c, kernel/softirq.c, setup_irq_thread() in kernel/irq/manage.c, and
 * wq_worker_comm() in kernel/workqueue.c: of a worker, /proc says which queue it works for, or did last.
 *
 * @returns null for one that may well have much to do, or of which nothing is known
 */
export function kernelWork(name: string): KernelWork | null {
    const [, plain = ''] = /^(kswapd|kcompactd|ksoftirqd)(?:\/?\d+)$/.exec(name) ?? [];
    if (plain !== '') return { name: plain, kind: plain === 'ksoftirqd' ? 'packets' : 'memory' };
    const [, device] = /^irq\/\d+-(?:s-)?(.+)$/.exec(name) ?? [];
    if (device !== undefined) return { name: `irq ${device}`, kind: 'interrupts', of: device };
    const [worker, queue] = /^kworker\/(?:R-(?=.)|u?\d+:\d+H?(?:[+-]|$))(.*)$/.exec(name) ?? [];
    if (worker === undefined) return null;
    if (queue === undefined || queue === '') return { name: 'kworker', kind: 'queue' };
    if (forPrograms.test(queue)) return null;
    return { name: `kworker ${queue}`, kind: queue.startsWith('kacpi') ? 'firmware' : 'queue', of: queue };
}
