import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'the kernel ends a program for want of memory',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // oom_kill_process() and __oom_kill_process() in mm/oom_kill.c.
            kernel(
                'firefox-esr invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0',
                4,
            ),
            kernel(
                'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox-2211.scope,task=firefox-esr,pid=2211,uid=1000',
                6,
            ),
            kernel(
                'Out of memory: Killed process 2211 (firefox-esr) total-vm:11534336kB, anon-rss:7340032kB, file-rss:2048kB, shmem-rss:1024kB, UID:1000 pgtables:19456kB oom_score_adj:0',
            ),
        ),
    expect: { family: 'memory', subject: /firefox/, cause: /memory/ },
};
