/** The families of faults that single lines tell of, in the order in which their rules are tried. Units are rules/unit.ts. */
import type { FaultFamily } from './fault.ts';
import { access } from './rules/access.ts';
import { audio } from './rules/audio.ts';
import { bluetooth } from './rules/bluetooth.ts';
import { configuration } from './rules/configuration.ts';
import { containers } from './rules/containers.ts';
import { crash } from './rules/crash.ts';
import { desktop } from './rules/desktop.ts';
import { disk } from './rules/disk.ts';
import { diskSpace } from './rules/diskSpace.ts';
import { display } from './rules/display.ts';
import { filesystem } from './rules/filesystem.ts';
import { graphics } from './rules/graphics.ts';
import { hardware } from './rules/hardware.ts';
import { limits } from './rules/limits.ts';
import { link } from './rules/link.ts';
import { login } from './rules/login.ts';
import { memory } from './rules/memory.ts';
import { mount } from './rules/mount.ts';
import { dhcp, dns, routing } from './rules/network.ts';
import { packages, reboot } from './rules/packages.ts';
import { power } from './rules/power.ts';
import { printing } from './rules/printing.ts';
import { program } from './rules/program.ts';
import { reeve } from './rules/reeve.ts';
import { runaway } from './rules/runaway.ts';
import { suspend } from './rules/suspend.ts';
import { time } from './rules/time.ts';
import { usb } from './rules/usb.ts';
import { wifi } from './rules/wifi.ts';

/** What a rule of one family calls harmless is so for that family's and later ones' rules only, so the order matters. */
export const families: readonly FaultFamily[] = [
    memory,
    crash,
    runaway,
    hardware,
    power,
    disk,
    filesystem,
    graphics,
    wifi,
    bluetooth,
    audio,
    link,
    mount,
    suspend,
    usb,
    limits,
    diskSpace,
    access,
    login,
    dhcp,
    dns,
    routing,
    time,
    packages,
    reboot,
    containers,
    desktop,
    display,
    printing,
    configuration,
    reeve,
    program,
];
