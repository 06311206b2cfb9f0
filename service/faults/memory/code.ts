import type { UnitOfProcess } from '../../detection/faultRule.ts';
import { bare } from '../../detection/subjects.ts';
import type { Captures } from '../../detection/linePattern.ts';

/**
 * By the control group that mem_cgroup_print_oom_context() of mm/memcontrol.c names: those of systemd's own units are below
 * slices, those of a user's manager below user@UID.service (systemd.slice(5), user@.service(5)). The unit itself manages deeper
 * ones.
 */
export function unitOf({ group = '' }: Captures): UnitOfProcess | null {
    const [user, uid, inner] = /^\/user\.slice\/user-\d+\.slice\/user@(\d+)\.service\/(.*)$/.exec(group) ?? [];
    const parts = (user === undefined ? group.slice(1) : (inner ?? '')).split('/');
    const name = parts.find(part => !part.endsWith('.slice'));
    if (name === undefined) return null;
    return user === undefined ? { scope: 'system', name } : { scope: 'user', name, uid: Number(uid) };
}

export function programOrUnit({ unit = '', program = '' }: Captures): string {
    return program || unit.slice(unit.lastIndexOf('/') + 1);
}

/** The kernel's own line may begin before the name. */
export function lastWord({ program = '' }: Captures): string {
    return bare(program.split(' ').at(-1) ?? '') || 'memory';
}
