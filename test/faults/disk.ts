// A filesystem of its own to break, for scenarios in a virtual machine.
import type { Desktop } from '../desktop/desktop.ts';

const image = '/var/tmp/bench-disk.img';
export const mountPoint = '/mnt';

/** Puts an ext4 filesystem in a file at `mountPoint`. @param options as mount(8) has them */
export async function mountDisk(desktop: Desktop, options: string): Promise<void> {
    await desktop.exec(['truncate', '--size=16M', image]);
    await desktop.exec(['mke2fs', '-q', '-t', 'ext4', image]);
    await desktop.exec(['mount', '-o', `loop,${options}`, image, mountPoint]);
}

export async function removeDisk(desktop: Desktop): Promise<void> {
    await desktop.exec(['umount', mountPoint], { mayFail: true });
    await desktop.exec(['rm', '--force', image]);
}
