import type { StepCheck } from '../../diagnosis/guide.ts';
import { readText } from '../../machine/machine.ts';
import type { Machine } from '../../machine/machine.ts';

/** From this share of a limit on, programs reach it. */
const reached = 0.9;

/** nf_conntrack_count and nf_conntrack_max: Documentation/networking/nf_conntrack-sysctl.rst of the kernel. */
export const hasConnectionsLeft: StepCheck = {
    about: 'less than 90% of the table of connections is used',
    async check({ machine }) {
        return await isBelow(
            machine,
            '/proc/sys/net/netfilter/nf_conntrack_count',
            '/proc/sys/net/netfilter/nf_conntrack_max',
        );
    },
};

/** Of all of this user's programs together. pids.current and pids.max: Documentation/admin-guide/cgroup-v2.rst of the kernel. */
export const hasProcessesLeft: StepCheck = {
    about: 'your programs have less than 90% of the processes that they may have',
    async check({ machine }) {
        const group = `/sys/fs/cgroup/user.slice/user-${process.getuid?.() ?? 0}.slice`;
        return await isBelow(machine, `${group}/pids.current`, `${group}/pids.max`);
    },
};

async function isBelow(machine: Machine, used: string, limit: string): Promise<{ gone: boolean; detail: string }> {
    const [count, most] = await Promise.all([used, limit].map(path => readText(machine, path, 32)));
    // Nothing proves a step where the kernel does not have the figures; "max" is no limit.
    if (typeof count !== 'string' || typeof most !== 'string') return { gone: false, detail: '' };
    return { gone: most.trim() === 'max' || Number(count) < Number(most) * reached, detail: '' };
}
