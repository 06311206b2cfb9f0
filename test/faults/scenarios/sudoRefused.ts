import type { Scenario } from '../scenario.ts';

/**
 * What users run themselves is only believed by its `_EXE`, which journald finds in /proc as long as the process is there. sudo
 * ends as soon as it has refused, and on a busy computer journald comes too late at times.
 */
const tryUntilSeen = `
for _ in 1 2 3 4 5 6 7 8; do
    echo bob | setpriv --reuid=bob --regid=bob --init-groups sudo --stdin true && exit 1
    journalctl --sync
    journalctl --quiet --lines=1 _EXE=/usr/bin/sudo --grep='bob : user NOT in sudoers' && exit
done
echo 'journald never saw sudo while it ran' >&2
exit 1
`;

export const scenario: Scenario = {
    title: 'somebody without the right to it uses sudo',
    by: 'provoked',
    prepare: async desktop => {
        await desktop.exec([
            'sh',
            '-c',
            'cp -a /etc /run/bench-etc && useradd --create-home bob && echo bob:bob | chpasswd',
        ]);
    },
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', tryUntilSeen]);
    },
    expect: { family: 'login', subject: /bob/, cause: /sudo/ },
    clear: async desktop => {
        await desktop.exec([
            'sh',
            '-c',
            'userdel --remove bob 2>/dev/null; for f in passwd shadow group gshadow subuid subgid; do cp -a /run/bench-etc/$f /etc/; cp -a /run/bench-etc/$f- /etc/ 2>/dev/null || rm -f /etc/$f-; done; rm -rf /run/bench-etc',
        ]);
    },
};
