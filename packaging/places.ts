import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The target paths for one user. */
export type Places = {
    home: string;
    /** Programs, catalogues, Node: file-hierarchy(7), "~/.local/lib". */
    library: string;
    command: string;
    /** Where systemd.unit(5) looks for "units of packages that have been installed in the home directory", and the bus for services. */
    share: string;
    extensions: string;
    /** The user's data, which only the user removes. */
    state: string;
    /** Language models, which may take many gigabytes. */
    data: string;
    config: string;
};

/** After the XDG Base Directory Specification, by which a relative path is to be ignored. */
export function findPlaces(environment: NodeJS.ProcessEnv = process.env): Places {
    const home = environment.HOME ?? homedir();
    const base = (name: string, otherwise: string) => {
        const given = environment[name];
        return given !== undefined && isAbsolute(given) ? given : join(home, otherwise);
    };
    const data = base('XDG_DATA_HOME', '.local/share');
    return {
        home,
        library: join(home, '.local', 'lib', 'reeve'),
        command: join(home, '.local', 'bin', 'reeve'),
        share: data,
        extensions: join(data, 'gnome-shell', 'extensions'),
        state: join(base('XDG_STATE_HOME', '.local/state'), 'reeve'),
        data: join(data, 'reeve'),
        config: join(base('XDG_CONFIG_HOME', '.config'), 'reeve'),
    };
}
