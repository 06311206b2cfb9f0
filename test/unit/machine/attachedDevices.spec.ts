import { mkdirSync, mkdtempDisposableSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DeviceTree } from '../../../service/detection/deviceTree.ts';
import { readAttachedDevices } from '../../../service/machine/hardware/attachedDevices.ts';

describe('Attached devices', () => {
    it('are read from /sys, each with what it is attached to or made of', async () => {
        using folder = mkdtempDisposableSync(join(tmpdir(), 'reeve-sys-'));
        const blocks = join(folder.path, 'sys/class/block');
        mkdirSync(join(blocks), { recursive: true });
        const disk = '../../devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host6/target6:0:0/6:0:0:0/block/sdb';
        symlinkSync(disk, join(blocks, 'sdb'));
        symlinkSync(`${disk}/sdb2`, join(blocks, 'sdb2'));
        // The kernel has a link here as well, whose target this folder lacks.
        mkdirSync(join(folder.path, 'sys/devices/virtual/block/dm-0/slaves/sdb2'), { recursive: true });
        symlinkSync('../../devices/virtual/block/dm-0', join(blocks, 'dm-0'));
        const attached = await readAttachedDevices(folder.path);
        expect(attached.parts).toEqual([['dm-0', 'sdb2']]);
        const tree = new DeviceTree(attached);
        const place = '0000:00:14.0/usb1/1-2/1-2:1.0/host6/6:0:0:0/sdb/sdb2/dm-0';
        expect(tree.placeIn('dm-0', '')?.endsWith(place)).toBeTrue();
    });

    it('are none where /sys cannot be read', async () => {
        expect(await readAttachedDevices('/nonexistent')).toEqual({ paths: [], parts: [] });
        expect(new DeviceTree().placeIn('sdb', '')).toBe('sdb');
    });
});
