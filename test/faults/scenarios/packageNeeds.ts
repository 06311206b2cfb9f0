import type { Scenario } from '../scenario.ts';

const script = `
set -e
mkdir -p /run/bench/bench-needy/DEBIAN
cd /run/bench
printf 'Package: bench-needy\\nVersion: 1.0\\nArchitecture: all\\nDepends: bench-nowhere\\nMaintainer: Nobody <nobody@example.org>\\nDescription: needs another\\n' >bench-needy/DEBIAN/control
dpkg-deb --build bench-needy >/dev/null
`;

export const scenario: Scenario = {
    title: 'a package lacks another that it needs',
    by: 'provoked',
    prepare: async desktop => {
        await desktop.exec(['sh', '-c', script]);
        // What apt keeps to be quicker is there on any computer that has asked it something before.
        await desktop.exec(['apt-get', '-q', 'check'], { timeout: 60_000 });
    },
    provoke: async desktop => {
        // As people install what they have downloaded.
        await desktop.exec(['dpkg', '--install', '/run/bench/bench-needy.deb'], { mayFail: true });
        const { stdout } = await desktop.exec(['dpkg-query', '-W', '-f', '${db:Status-Abbrev}', 'bench-needy']);
        if (!stdout.startsWith('iU')) throw new Error(`the package is in the state ${stdout}`);
    },
    // Reeve checks twice, three seconds apart, and asks apt.
    patience: 30_000,
    expect: {
        family: 'packages',
        subject: 'bench-needy',
        cause: /its dependencies cannot be installed/,
        fix: 'packages.complete',
        changes: /bench-needy/,
    },
    clear: async desktop => {
        await desktop.exec(['dpkg', '--purge', '--force-all', 'bench-needy'], { mayFail: true });
        await desktop.exec(['rm', '--recursive', '--force', '/run/bench']);
    },
};
