import { join } from 'node:path';

/** The folder of the index. */
export const knowledgeFolder = (cacheDirectory: string) => join(cacheDirectory, 'knowledge');

/** In it, as old as the last update that was not cut off. */
export const completeMark = 'complete';
