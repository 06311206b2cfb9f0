import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The user's data that Reeve keeps. After the XDG Base Directory Specification, by which a relative path is to be ignored. */
export function stateDirectory(environment: NodeJS.ProcessEnv = process.env): string {
    return join(base(environment, 'XDG_STATE_HOME', '.local/state'), 'reeve');
}

/** What the user would not want to fetch again: models. */
export function dataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
    return join(base(environment, 'XDG_DATA_HOME', '.local/share'), 'reeve');
}

/** What can be made again from what is there: the index of the documentation. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
    return join(base(environment, 'XDG_CACHE_HOME', '.cache'), 'reeve');
}

/** The configuration file, which need not exist. */
export function configurationFile(environment: NodeJS.ProcessEnv = process.env): string {
    return join(base(environment, 'XDG_CONFIG_HOME', '.config'), 'reeve', 'config.toml');
}

function base(environment: NodeJS.ProcessEnv, variable: string, otherwise: string): string {
    const given = environment[variable];
    return given !== undefined && isAbsolute(given) ? given : join(environment.HOME ?? homedir(), otherwise);
}
