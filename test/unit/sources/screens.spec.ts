import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isOfScreens, Screens } from '../../../service/sources/screens.ts';

describe('Screens', () => {
    let root: string;
    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-screens-'));
        for (const name of ['version', 'card1', 'renderD128'])
            mkdirSync(join(root, 'sys/class/drm', name), { recursive: true });
        plug('card1-eDP-1', 'connected');
        plug('card1-DP-2', 'disconnected');
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });
    const plug = (name: string, status: string) => {
        mkdirSync(join(root, 'sys/class/drm', name), { recursive: true });
        writeFileSync(join(root, 'sys/class/drm', name, 'status'), `${status}\n`);
    };
    const told = async (screens: Screens) =>
        (await screens.poll()).map(({ event, subject, summary }) => `${event} ${subject}: ${summary}`);

    it('are reported when they are plugged in and out, and not those that were there', async () => {
        const screens = new Screens(root);
        expect(await told(screens)).toEqual([]);
        plug('card1-DP-2', 'connected');
        expect(await told(screens)).toEqual(['added DP-2: A screen was connected at DP-2']);
        expect(await told(screens)).toEqual([]);
        // That of a hub goes with it.
        plug('card1-DP-3', 'connected');
        await screens.poll();
        rmSync(join(root, 'sys/class/drm/card1-DP-3'), { recursive: true });
        plug('card1-DP-2', 'disconnected');
        expect(await told(screens)).toEqual([
            'removed DP-2: The screen at DP-2 was disconnected',
            'removed DP-3: The screen at DP-3 was disconnected',
        ]);
    });

    it('are none where nothing can show one, nor where the kernel does not know', async () => {
        rmSync(join(root, 'sys'), { recursive: true });
        const screens = new Screens(root);
        expect(await told(screens)).toEqual([]);
        plug('card0-VGA-1', 'unknown');
        expect(await told(screens)).toEqual([]);
    });

    it('are looked at when the kernel says that one may have come or gone', () => {
        // Properties as drm_sysfs_hotplug_event() and kobject_uevent_env() of Linux set them.
        const ofCard = { ACTION: 'change', SUBSYSTEM: 'drm', DEVTYPE: 'drm_minor', DEVNAME: '/dev/dri/card1' };
        const isPolled = (more: Record<string, string>) => isOfScreens(new Map(Object.entries({ ...ofCard, ...more })));
        expect(isPolled({ HOTPLUG: '1' })).toBeTrue();
        expect(isPolled({ LEASE: '1' })).toBeFalse();
        expect(isPolled({ HOTPLUG: '1', ACTION: 'add' })).toBeFalse();
        expect(isPolled({ HOTPLUG: '1', SUBSYSTEM: 'usb' })).toBeFalse();
    });
});
