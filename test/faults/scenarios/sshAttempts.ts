import type { Scenario } from '../scenario.ts';

/** A client that is sent away after each name that it tries. */
const script = `
for name in root admin test oracle postgres ubuntu git; do
    ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o PreferredAuthentications=password,none "$name@127.0.0.1" true
done
true
`;

export const scenario: Scenario = {
    title: 'repeated failed log-ins on ssh',
    by: 'provoked',
    packages: ['openssh-client', 'openssh-server'],
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', 'ssh.service']);
    },
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', script]);
    },
    expect: { family: 'login', subject: /127\.0\.0\.1/, cause: /password|guess|log/i },
    clear: async desktop => {
        await desktop.exec(['rm', '--force', '--recursive', '/root/.ssh']);
    },
};
