import { standing } from '../standing.ts';

const unit = 'bench-barrow.service';
const program = '/usr/local/bin/bench-barrow';

export const scenario = standing({
    title: 'the program of an enabled service loses its execute bit',
    files: {
        [`/etc/systemd/system/${unit}`]: `[Service]\nExecStart=${program}\n[Install]\nWantedBy=multi-user.target\n`,
    },
    prepare: async desktop => {
        await desktop.exec(['install', '--mode=755', '/bin/true', program]);
        await desktop.exec(['systemctl', 'enable', unit]);
    },
    breaks: desktop => desktop.exec(['chmod', '644', program]),
    expect: { family: 'dormant', subject: unit, cause: /cannot be run/ },
    mends: async desktop => {
        await desktop.exec(['systemctl', 'disable', unit]);
        await desktop.exec(['rm', '--force', program]);
    },
});
