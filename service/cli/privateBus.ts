import { lstatSync, readFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where `npm start` leaves the address of its bus on a machine without a session: a directory of the user's own. */
export function privateBusDirectory(environment: NodeJS.ProcessEnv = process.env): string {
    const runtime = environment.XDG_RUNTIME_DIR;
    return runtime ? join(runtime, 'reeve') : join(tmpdir(), `reeve-${userInfo().uid}`);
}

/** The address of the running private bus, null when there is none. */
export function privateBusAddress(environment: NodeJS.ProcessEnv = process.env): string | null {
    const directory = privateBusDirectory(environment);
    try {
        // Anybody can make a directory under /tmp; only our own is trusted to name the service.
        const { uid, mode } = lstatSync(directory);
        if (uid !== userInfo().uid || (mode & 0o022) !== 0) return null;
        return readFileSync(join(directory, 'address'), 'utf8').trim();
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
    }
}
