import type { Scenario } from '../scenario.ts';

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
        const asBob = ['setpriv', '--reuid=bob', '--regid=bob', '--init-groups'];
        await desktop.exec([...asBob, 'sudo', '--stdin', 'true'], { input: 'bob\n', mayFail: true });
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
