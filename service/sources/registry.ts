import type { Configuration } from '../config/config.ts';
import type { Change } from '../model/timelineEntry.ts';
import type { Status } from '../lifecycle/status.ts';
import type { SourceDefinition, Surroundings } from './definition.ts';
import { devices } from './devices.ts';
import { files } from './files.ts';
import { installations } from './installations.ts';
import { libraries } from './libraries.ts';
import { mistakes } from './mistakes.ts';
import { growth } from './looks/growth.ts';
import { hanging } from './looks/hanging.ts';
import { heat } from './looks/heat.ts';
import { kernelThreads } from './looks/kernelThreads.ts';
import { pressure } from './looks/pressure.ts';
import { processor } from './looks/processor.ts';
import { sound } from './looks/sound.ts';
import { zone } from './looks/zone.ts';
import { packages } from './packages.ts';
import { network } from './network.ts';
import { bluetooth } from './signals/bluetooth.ts';
import { clock } from './signals/clock.ts';
import { drives } from './signals/drives.ts';
import { firmware } from './signals/firmware.ts';
import { logind } from './signals/logind.ts';
import { networkManager } from './signals/networkManager.ts';
import { packageKit } from './signals/packageKit.ts';
import { power } from './signals/power.ts';
import { settings } from './signals/settings.ts';
import { shellExtensions } from './signals/shellExtensions.ts';
import { restart } from './restart.ts';
import { space } from './space.ts';
import { SupervisedSource } from './supervisedSource.ts';

/** Everything that is watched besides the journal and the service managers. */
const sources: readonly SourceDefinition[] = [
    files,
    mistakes,
    packages,
    installations,
    restart,
    libraries,
    network,
    devices,
    logind,
    power,
    networkManager,
    drives,
    firmware,
    space,
    processor,
    kernelThreads,
    growth,
    hanging,
    pressure,
    heat,
    zone,
    sound,
    clock,
    bluetooth,
    packageKit,
    settings,
    shellExtensions,
];

/** The sources that the user has not switched off, ready to run, and known to `status`. */
export function superviseSources({
    surroundings,
    status,
    configuration,
}: {
    surroundings: Surroundings;
    status: Status;
    configuration: Configuration;
}): SupervisedSource[] {
    const { database, timeline } = surroundings;
    const record = (changes: readonly Change[], source: string) => {
        database.transaction(() => {
            for (const change of changes) timeline.add({ ...change, source });
        });
    };
    return sources
        .filter(({ name }) => !configuration.current.watch.without.includes(name))
        .map(definition => {
            const source = new SupervisedSource({ definition, surroundings, record, board: status });
            status.addSource(source);
            return source;
        });
}
