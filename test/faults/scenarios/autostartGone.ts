import { alice } from '../../desktop/container.ts';
import { standing } from '../standing.ts';

const path = `${alice.home}/.config/autostart/bench-clock.desktop`;
const program = '/usr/local/bin/bench-clock';

export const scenario = standing({
    title: 'a program of the autostart is gone',
    prepare: async desktop => {
        await desktop.exec(['install', '--mode=755', '/bin/true', program]);
        await desktop.writeFile(path, `[Desktop Entry]\nType=Application\nName=Bench clock\nExec=${program}\n`);
    },
    breaks: desktop => desktop.exec(['rm', program]),
    expect: { family: 'dormant', subject: path, cause: /Bench clock starts at log-in, but its program is gone/ },
    mends: async desktop => {
        await desktop.user(['rm', '--force', path]);
        const folder = `${alice.home}/.config/autostart`;
        await desktop.user(['rmdir', '--ignore-fail-on-non-empty', folder], { mayFail: true });
    },
});
