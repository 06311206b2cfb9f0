import { standing } from '../standing.ts';

const unit = 'bench-enabled.service';
const program = '/usr/local/bin/bench-enabled';

export const scenario = standing({
    title: 'the program of an enabled service is gone',
    files: {
        [`/etc/systemd/system/${unit}`]: `[Service]\nExecStart=${program}\n[Install]\nWantedBy=multi-user.target\n`,
    },
    prepare: async desktop => {
        await desktop.exec(['install', '--mode=755', '/bin/true', program]);
        await desktop.exec(['systemctl', 'enable', unit]);
    },
    breaks: desktop => desktop.exec(['rm', program]),
    expect: { family: 'dormant', subject: unit, cause: /program of bench-enabled\.service is gone/ },
    mends: desktop => desktop.exec(['systemctl', 'disable', unit]),
});
