import { replay, service } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a container does not start',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // daemon/start.go of moby, with logrus' text.
            service(
                'docker.service',
                'dockerd',
                'time="2026-11-21T09:30:00.123456789Z" level=error msg="Handler for POST /v1.51/containers/web/start returned error: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \\"/app\\": permission denied"',
                3,
            ),
        ),
    expect: { family: 'containers', subject: /./, cause: /./ },
};
