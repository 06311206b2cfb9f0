import type { DormantCheck } from '../check.ts';
import { autostart, busService } from './desktopEntries.ts';
import { missingLocale } from './missingLocale.ts';
import { nameServices } from './nameServices.ts';
import { homeFolder, keys, temporaryFolders } from './permissions.ts';
import { resolverLink } from './resolverLink.ts';
import { settingsDatabase } from './settingsDatabase.ts';
import { shellProfile } from './shellProfile.ts';
import { unitPrograms } from './unitPrograms.ts';

export const everyCheck = [
    nameServices,
    shellProfile,
    settingsDatabase,
    resolverLink,
    temporaryFolders,
    homeFolder,
    keys,
    missingLocale,
    unitPrograms,
    busService,
    autostart,
] as const satisfies readonly DormantCheck[];

export type DormantKind = (typeof everyCheck)[number]['kind'];
