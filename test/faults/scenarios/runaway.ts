import { pollEvery, pollAsUsual } from '../polling.ts';
import type { Scenario } from '../scenario.ts';

const unit = 'bench-runaway.service';
const begun = '/run/bench-runaway';

export const scenario: Scenario = {
    title: 'a program keeps a processor to itself',
    by: 'provoked',
    files: {
        // It loses its way the first time alone; before all else, so that it gets a processor also on a machine with other work.
        [`/etc/systemd/system/${unit}`]: `[Service]
Nice=-19
ExecStart=sh -c 'test -e ${begun} && exec sleep infinity; touch ${begun}; while :; do :; done'
`,
    },
    prepare: pollEvery(5),
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
    },
    patience: 45_000,
    expect: { family: 'runaway', subject: unit, cause: /process sh/, fix: 'unit.restart' },
    clear: async desktop => {
        await pollAsUsual(desktop);
        await desktop.exec(['systemctl', 'stop', unit]);
        await desktop.exec(['rm', '-f', begun]);
    },
};
