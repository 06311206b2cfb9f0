import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a program keeps a processor to itself',
    by: 'provoked',
    provoke: async desktop => {
        await desktop.exec([
            'systemd-run',
            '--quiet',
            '--unit=bench-runaway',
            'nice',
            'sh',
            '-c',
            'while :; do :; done',
        ]);
    },
    expect: { family: 'runaway', subject: /bench-runaway|sh/, cause: /./ },
    clear: async desktop => {
        await desktop.exec(['systemctl', 'stop', 'bench-runaway.service']);
    },
};
