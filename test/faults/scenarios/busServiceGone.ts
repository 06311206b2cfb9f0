import { standing } from '../standing.ts';

const path = '/usr/local/share/dbus-1/services/org.example.Bench.service';
const program = '/usr/local/libexec/bench-dictionary';

export const scenario = standing({
    title: 'the program of a D-Bus service is gone',
    prepare: async desktop => {
        await desktop.exec(['install', '-D', '--mode=755', '/bin/true', program]);
        await desktop.writeFile(path, `[D-BUS Service]\nName=org.example.Bench\nExec=${program}\n`);
    },
    breaks: desktop => desktop.exec(['rm', program]),
    expect: { family: 'dormant', subject: path, cause: /org\.example\.Bench is gone/ },
    mends: async desktop => {
        await desktop.exec(['rm', '--force', path]);
    },
});
