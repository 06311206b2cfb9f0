import type { Scenario } from '../scenario.ts';

const list = '/etc/apt/sources.list.d/bench.list';

export const scenario: Scenario = {
    title: 'a package repository cannot be reached',
    by: 'provoked',
    prepare: async desktop => {
        await desktop.exec(['sh', '-c', 'mv /etc/apt/sources.list /run/bench-sources']);
        await desktop.writeFile(list, 'deb [trusted=yes] http://127.0.0.1:9/debian bench main\n');
    },
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'start', 'apt-daily.service'], { mayFail: true, timeout: 60_000 });
        const run = ['systemd-run', '--quiet', '--wait', '--collect', '--unit=apt-news.service'];
        await desktop.exec([...run, 'apt-get', '-q', 'update'], { mayFail: true });
    },
    expect: { family: 'packages', subject: /127\.0\.0\.1|packages|repositor/, cause: /reach|fetch|connect/i },
    clear: async desktop => {
        await desktop.exec(['sh', '-c', 'mv /run/bench-sources /etc/apt/sources.list; rm -f "$1"', 'sh', list]);
    },
};
