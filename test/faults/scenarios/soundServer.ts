import type { Scenario } from '../scenario.ts';

const dropIn = '/run/user/1000/systemd/user/wireplumber.service.d/bench.conf';

export const scenario: Scenario = {
    title: 'the sound server does not start',
    by: 'provoked',
    provoke: async desktop => {
        await desktop.exec([
            'sh',
            '-c',
            'mkdir -p "$(dirname "$1")" && printf "[Service]\\nExecStart=\\nExecStart=/bin/sh -c \\"echo the graph is broken >&2; exit 70\\"\\nRestart=no\\n" >"$1" && chown -R alice: /run/user/1000/systemd',
            'sh',
            dropIn,
        ]);
        await desktop.user(['systemctl', '--user', 'daemon-reload']);
        await desktop.user(['systemctl', '--user', 'restart', 'wireplumber.service'], { mayFail: true });
        const settled = 'until systemctl --user is-failed --quiet wireplumber.service; do sleep 0.1; done';
        await desktop.user(['sh', '-c', settled]);
    },
    expect: { family: 'unit', subject: 'wireplumber.service', cause: /the graph is broken/, fix: 'unit.restart' },
    repair: async desktop => {
        await desktop.exec(['rm', '--force', dropIn]);
        await desktop.user(['systemctl', '--user', 'daemon-reload']);
    },
    clear: async desktop => {
        await desktop.exec(['rm', '--force', dropIn]);
        await desktop.user(['systemctl', '--user', 'daemon-reload']);
        await desktop.user(['systemctl', '--user', 'restart', 'wireplumber.service']);
    },
};
