// What the tests need from the distribution. Installed when we may (root, apt); otherwise named, and the tests that
// need it say so and are skipped.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { isOnPath } from '../../build/onPath.ts';

const forAllTests: Record<string, string> = {
    'dbus-daemon': 'dbus',
    gdbus: 'libglib2.0-bin',
    busctl: 'systemd',
    journalctl: 'systemd',
    '/lib/systemd/systemd-journal-remote': 'systemd-journal-remote',
    ip: 'iproute2',
    gjs: 'gjs',
    'glib-compile-schemas': 'libglib2.0-dev-bin',
};

/** apt-get, after what other parts of the tests install: several processes may need something at once, and apt-get does not wait. */
export const aptAlone = ['flock', '/run/lock/reeve-test-apt', 'apt-get', '-q'] as const;

export function isPresent(program: string): boolean {
    return program.startsWith('/') ? existsSync(program) : isOnPath(program);
}

/**
 * @param packageOf program or file → the Debian package that brings it
 * @returns the programs that are still missing
 */
export function ensureHostPackages(packageOf = forAllTests): string[] {
    const missing = () => Object.keys(packageOf).filter(program => !isPresent(program));
    const wanted = [...new Set(missing().map(program => packageOf[program] ?? program))];
    if (wanted.length === 0) return [];
    if (process.getuid?.() !== 0 || !isPresent('apt-get')) return missing();
    console.log(`Installing ${wanted.join(', ')} for the tests …`);
    const [program, ...aptArgs] = aptAlone;
    const apt = (...args: string[]) =>
        spawnSync(program, [...aptArgs, ...args], {
            stdio: ['ignore', 'ignore', 'inherit'],
            env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
            timeout: 600_000,
        });
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...wanted);
    return missing();
}
