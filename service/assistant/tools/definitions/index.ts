import type { Tool } from '../tool.ts';
import { audio } from './audio.ts';
import { bluetooth } from './bluetooth.ts';
import { boots } from './boots.ts';
import { changedFiles } from './changedFiles.ts';
import { clock } from './clock.ts';
import { crashes } from './crashes.ts';
import { devices } from './devices.ts';
import { displays } from './displays.ts';
import { dns } from './dns.ts';
import { documentation } from './documentation.ts';
import { drives } from './drives.ts';
import { fileInfo } from './fileInfo.ts';
import { filesystems } from './filesystems.ts';
import { findFiles } from './findFiles.ts';
import { firewall } from './firewall.ts';
import { firmware } from './firmware.ts';
import { flatpaks } from './flatpaks.ts';
import { folderSizes } from './folderSizes.ts';
import { graphics } from './graphics.ts';
import { hardware } from './hardware.ts';
import { incidents } from './incidents.ts';
import { journal } from './journal.ts';
import { manual } from './manual.ts';
import { memory } from './memory.ts';
import { mounts } from './mounts.ts';
import { networkLinks } from './networkLinks.ts';
import { networkManager } from './networkManager.ts';
import { networkPorts } from './networkPorts.ts';
import { networkRoutes } from './networkRoutes.ts';
import { nixosConfig } from './nixosConfig.ts';
import { nixosGenerations } from './nixosGenerations.ts';
import { nixosOptions } from './nixosOptions.ts';
import { nixosPackages } from './nixosPackages.ts';
import { packageChanges } from './packageChanges.ts';
import { packageInfo } from './packageInfo.ts';
import { packageOwner } from './packageOwner.ts';
import { packageUpdates } from './packageUpdates.ts';
import { power } from './power.ts';
import { pressure } from './pressure.ts';
import { printers } from './printers.ts';
import { processes } from './processes.ts';
import { processor } from './processor.ts';
import { readFile } from './readFile.ts';
import { sessions } from './sessions.ts';
import { settings } from './settings.ts';
import { temperatures } from './temperatures.ts';
import { timeline } from './timeline.ts';
import { timers } from './timers.ts';
import { trash } from './trash.ts';
import { unitDetails } from './unitDetails.ts';
import { units } from './units.ts';
import { usage } from './usage.ts';
import { users } from './users.ts';
import { versions } from './versions.ts';
import { wifi } from './wifi.ts';

/** Every tool, in the order in which a model gets them: the most used first. */
export const definitions: readonly Tool[] = [
    incidents,
    timeline,
    unitDetails,
    units,
    journal,
    crashes,
    boots,
    timers,
    memory,
    processor,
    pressure,
    processes,
    filesystems,
    folderSizes,
    mounts,
    drives,
    networkLinks,
    networkRoutes,
    networkManager,
    wifi,
    dns,
    firewall,
    networkPorts,
    packageInfo,
    packageOwner,
    packageUpdates,
    packageChanges,
    flatpaks,
    nixosConfig,
    nixosOptions,
    nixosPackages,
    nixosGenerations,
    hardware,
    devices,
    graphics,
    power,
    temperatures,
    firmware,
    bluetooth,
    audio,
    printers,
    displays,
    clock,
    usage,
    users,
    sessions,
    versions,
    settings,
    findFiles,
    trash,
    readFile,
    fileInfo,
    changedFiles,
    manual,
    documentation,
];
