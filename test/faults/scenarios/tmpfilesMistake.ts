import type { Scenario } from '../scenario.ts';

const path = '/etc/tmpfiles.d/90-bench.conf';
const good = '# d /run/bench-scratch 0755\n';
/** As every day. */
const read = ['systemctl', 'start', 'systemd-tmpfiles-clean.service'];

export const scenario: Scenario = {
    title: 'a mistake in a file of tmpfiles',
    by: 'provoked',
    files: { [path]: good },
    provoke: async desktop => {
        await desktop.writeFile(path, 'd /run/bench-scratch 99999\n');
        await desktop.exec(read);
    },
    expect: {
        family: 'configuration',
        subject: path,
        cause: /90-bench\.conf was edited .* before/,
        fix: 'file.revert',
        changes: /90-bench/,
    },
    clear: async desktop => {
        await desktop.writeFile(path, good);
        await desktop.exec(read);
    },
};
