import type { SourceDefinition } from './definition.ts';
import { FileWatch } from './files/fileWatch.ts';
import { placesFor } from './files/places.ts';

/** Configuration, of the system and of the user, and what else in files can break a desktop. */
export const files: SourceDefinition = {
    name: 'files',
    async run(surroundings, outlet, signal) {
        using watch = new FileWatch(placesFor(surroundings), surroundings, outlet);
        await watch.run(signal);
    },
};
