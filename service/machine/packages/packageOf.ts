import type { Run } from '../run.ts';

const timeout = 5000;
/** What no package manager takes for a pattern. */
const plainPath = /^\/[\w/.@+:~-]{1,4095}$/;

/** The package that a file came with; null when unknown. */
export async function packageOf(run: Run, path: string, signal: AbortSignal): Promise<string | null> {
    if (!plainPath.test(path)) return null;
    const options = { signal, timeout };
    // dpkg-query(1) says "package, package:arch: path".
    const dpkg = await run('dpkg-query', ['--search', path], options);
    const [, name] = /^([^\s,:]+)/.exec(dpkg ?? '') ?? [];
    if (name !== undefined) return name;
    const rpm = await run('rpm', ['-qf', '--queryformat', '%{NAME}', path], options);
    if (rpm !== null && /^[\w.+-]+$/.test(rpm)) return rpm;
    const pacman = await run('pacman', ['--query', '--owns', '--quiet', path], options);
    return pacman?.trim() || null;
}

/** The version of a package that is installed; null when unknown. */
export async function versionOf(run: Run, name: string, signal: AbortSignal): Promise<string | null> {
    if (!/^[\w.+-]{1,128}$/.test(name) || name.startsWith('-')) return null;
    const options = { signal, timeout };
    const dpkg = await run('dpkg-query', ['--show', '--showformat=${Version}\\n', name], options);
    const rpm = dpkg ?? (await run('rpm', ['-q', '--queryformat', '%{VERSION}-%{RELEASE}\\n', name], options));
    // "name version"
    const pacman = rpm ?? (await run('pacman', ['--query', name], options))?.split(' ')[1];
    const [version = ''] = (pacman ?? '').trim().split('\n');
    return /^[\w.+:~^-]{1,128}$/.test(version) ? version : null;
}
