import type { Answer } from '../answer.ts';
import { autostart } from './autostart.ts';
import { changes } from './changes.ts';
import { clock } from './clock.ts';
import { crashes } from './crashes.ts';
import { disk } from './disk.ts';
import { done } from './done.ts';
import { extensions } from './extensions.ts';
import { facts } from './fact.ts';
import { failures } from './failures.ts';
import { hardware } from './hardware.ts';
import { helpAnswer } from './help.ts';
import { installed } from './installed.ts';
import { log } from './log.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { overview } from './overview.ts';
import { batteryUse, heatBefore, memoryBefore, slowBefore } from './past.ts';
import { peripherals } from './peripherals.ts';
import { power } from './power.ts';
import { processor } from './processor.ts';
import { request } from './request.ts';
import { resources } from './resources.ts';
import { restart } from './restart.ts';
import { settings } from './settings.ts';
import { sleep } from './sleep.ts';
import { sound } from './sound.ts';
import { startup } from './startup.ts';
import { temperature } from './temperature.ts';
import { unit } from './unit.ts';
import { updates } from './updates.ts';
import { uptime } from './uptime.ts';
import { users } from './users.ts';
import { versions } from './versions.ts';

/** All answers; of two that fit a question equally well, the one that comes first. */
export const answers: readonly Answer[] = [
    hardware,
    failures,
    changes,
    memory,
    processor,
    disk,
    network,
    unit,
    crashes,
    resources,
    slowBefore,
    memoryBefore,
    heatBefore,
    batteryUse,
    log,
    uptime,
    startup,
    restart,
    settings,
    sleep,
    clock,
    updates,
    installed,
    versions,
    extensions,
    sound,
    power,
    temperature,
    autostart,
    users,
    peripherals,
    ...facts,
    overview,
    done,
    request,
    helpAnswer(() => answers),
];
