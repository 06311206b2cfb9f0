import { access } from './access/index.ts';
import { audio } from './audio/index.ts';
import { bluetooth } from './bluetooth/index.ts';
import { configuration } from './configuration/index.ts';
import { containers } from './containers/index.ts';
import { crash } from './crash/index.ts';
import { desktop } from './desktop/index.ts';
import { dhcp } from './dhcp/index.ts';
import { disk } from './disk/index.ts';
import { diskSpace } from './diskSpace/index.ts';
import { display } from './display/index.ts';
import { dns } from './dns/index.ts';
import { dormant } from './dormant/index.ts';
import { filesystem } from './filesystem/index.ts';
import { graphics } from './graphics/index.ts';
import { hardware } from './hardware/index.ts';
import { limits } from './limits/index.ts';
import { link } from './link/index.ts';
import { login } from './login/index.ts';
import { memory } from './memory/index.ts';
import { mount } from './mount/index.ts';
import { packages } from './packages/index.ts';
import { power } from './power/index.ts';
import { printing } from './printing/index.ts';
import { program } from './program/index.ts';
import { reboot } from './reboot/index.ts';
import { reeve } from './reeve/index.ts';
import { routing } from './routing/index.ts';
import { runaway } from './runaway/index.ts';
import { suspend } from './suspend/index.ts';
import { time } from './time/index.ts';
import { unit } from './unit/index.ts';
import { usb } from './usb/index.ts';
import { wifi } from './wifi/index.ts';
import { faultsOfChanges } from '../detection/changes.ts';
import type { Family } from './family.ts';

/**
 * Every family of faults. What a family's rules call harmless is harmless only for that family and later ones, so the order
 * matters.
 */
export const families: readonly Family[] = [
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
    dormant,
    reeve,
    program,
    unit,
];

export const faultOfChange = faultsOfChanges(families);
