import type { Desktop } from '../desktop.ts';

/**
 * Installs packages of Debian that the image lacks, from the mirror that it was made from. They are fetched through this
 * machine's network, because a desktop has none, and installed inside.
 *
 * @throws CommandFailed when there is no network
 */
export async function installPackages(desktop: Desktop, names: readonly string[]): Promise<void> {
    const limit = { timeout: 300_000 };
    const install = ['apt-get', 'install', '--quiet', '--yes', '--no-install-recommends'];
    await desktop.execOnline(['apt-get', 'update', '--quiet', '-o', 'Acquire::Check-Valid-Until=false'], limit);
    await desktop.execOnline([...install, '--download-only', ...names], limit);
    await desktop.exec(['env', 'DEBIAN_FRONTEND=noninteractive', ...install, '--no-download', ...names], limit);
}

/** "llama.cpp 1:0.7.0+dfsg-2": a package as it is installed. */
export async function versionOf(desktop: Desktop, name: string): Promise<string> {
    const { stdout } = await desktop.exec(['dpkg-query', '--show', '--showformat=${Package} ${Version}', name]);
    return stdout;
}
