import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Has /usr/bin hold programs that this machine lacks, for as long as plans are only made. They cannot be run. */
export function pretendPrograms(names: readonly string[]): Disposable {
    const { existsSync } = fs;
    const paths = new Set<unknown>(names.map(name => `/usr/bin/${name}`));
    fs.existsSync = path => paths.has(path) || existsSync(path);
    syncBuiltinESMExports();
    return {
        [Symbol.dispose]: () => {
            fs.existsSync = existsSync;
            syncBuiltinESMExports();
        },
    };
}
