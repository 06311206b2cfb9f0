import type { Configuration } from '../config/config.ts';
import type { Change } from '../model/timelineEntry.ts';
import type { Source } from '../model/source.ts';
import type { SourceDefinition, Surroundings } from './definition.ts';
import { devices } from './devices.ts';
import { files } from './files.ts';
import { network } from './network.ts';
import { packages } from './packages.ts';
import { logind } from './signals/logind.ts';
import { networkManager } from './signals/networkManager.ts';
import { settings } from './signals/settings.ts';
import { SupervisedSource, type NoticeBoard } from './supervisedSource.ts';

/** The sources of ordinary changes; in addition, each family of faults has sources of its own. */
export const general: readonly SourceDefinition[] = [
    files,
    packages,
    network,
    devices,
    logind,
    networkManager,
    settings,
];

/** The sources that the user has not switched off, ready to run, and listed by `status`. */
export function superviseSources({
    families,
    surroundings,
    status,
    configuration,
}: {
    families: readonly { readonly watch?: readonly SourceDefinition[] }[];
    surroundings: Surroundings;
    status: NoticeBoard & { addSource(source: Source): void };
    configuration: Configuration;
}): SupervisedSource[] {
    const { database, timeline } = surroundings;
    const record = (changes: readonly Change[], source: string) => {
        database.transaction(() => {
            for (const change of changes) timeline.add({ ...change, source });
        });
    };
    return [...general, ...families.flatMap(({ watch = [] }) => watch)]
        .filter(({ name }) => !configuration.current.watch.without.includes(name))
        .map(definition => {
            const source = new SupervisedSource({ definition, surroundings, record, board: status });
            status.addSource(source);
            return source;
        });
}
