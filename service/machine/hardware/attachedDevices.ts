import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** What the kernel says of where devices are. */
export type AttachedDevices = {
    /** Paths below /sys, from the root down: `devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host6/…/block/sdb`. */
    paths: readonly string[];
    /** Devices that are made of others, such as `dm-0` of `sda2`. */
    parts: readonly (readonly [name: string, of: string])[];
};

/** What faults are about; the path of each names all that is above it. */
const classes = ['block', 'net', 'drm', 'bluetooth', 'sound'] as const;

/** Reads where the devices are that are attached now. What is missing is left out. */
export async function readAttachedDevices(root: string): Promise<AttachedDevices> {
    const found = await Promise.all(classes.map(name => linksIn(join(root, 'sys/class', name))));
    const blocks = (found[0] ?? []).filter(({ name }) => /^(?:dm-|md)\d/.test(name));
    const parts = await Promise.all(
        blocks.map(async ({ name }) => {
            const slaves = await namesIn(join(root, 'sys/class/block', name, 'slaves'));
            return slaves.map(slave => [name, slave] as const);
        }),
    );
    return { paths: found.flat().map(({ path }) => path), parts: parts.flat() };
}

async function linksIn(folder: string): Promise<{ name: string; path: string }[]> {
    const links = (await namesIn(folder)).map(async name => {
        const path = await readlink(join(folder, name)).catch(() => '');
        return { name, path };
    });
    return (await Promise.all(links)).filter(({ path }) => path.includes('/devices/'));
}

async function namesIn(folder: string): Promise<string[]> {
    return await readdir(folder).catch(() => []);
}
