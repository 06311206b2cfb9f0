import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'the graphics processor hangs',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // amdgpu_job_timedout() in drivers/gpu/drm/amd/amdgpu/amdgpu_job.c.
            kernel('amdgpu 0000:0c:00.0: amdgpu: ring gfx_0.0.0 timeout, signaled seq=1218, emitted seq=1220'),
            kernel(
                'amdgpu 0000:0c:00.0: amdgpu: Process information: process gnome-shell pid 1520 thread gnome-shel:cs0 pid 1544',
            ),
            kernel('amdgpu 0000:0c:00.0: amdgpu: GPU reset begin!', 6),
        ),
    expect: { family: 'graphics', subject: /./, cause: /./ },
};
