// Kills this process before or after its N-th change of the file system, or has that change find the disk full: whatever is called
// through node:fs, node:fs/promises and node:sqlite.
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync, StatementSync } from 'node:sqlite';

export type Trouble = 'before' | 'after' | 'full';

type Call = (...args: unknown[]) => unknown;

const always = () => true;
const opensToWrite = (_path: unknown, flags: unknown) => typeof flags === 'string' && /[wa+]/.test(flags);
const isChange = (sql: unknown) =>
    /^\s*(?:BEGIN|COMMIT|INSERT|UPDATE|DELETE|CREATE|ALTER|PRAGMA journal_mode)/.test(String(sql));

/** @returns how many changes there were so far */
export async function dieAtWrite(wanted: number, trouble: Trouble): Promise<() => number> {
    let count = 0;
    const around = (body: () => unknown): unknown => {
        count += 1;
        if (count !== wanted) return body();
        if (trouble === 'full') throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        if (trouble === 'before') die();
        const result = body();
        if (!(result instanceof Promise)) die();
        return (result as Promise<unknown>).then(die);
    };
    const patch = (owner: object, names: readonly string[], counts: (...args: unknown[]) => boolean = always) => {
        for (const name of names) {
            const original = Reflect.get(owner, name) as Call;
            Reflect.set(owner, name, function (this: unknown, ...args: unknown[]) {
                const body = () => original.apply(this, args);
                return counts(...args) ? around(body) : body();
            });
        }
    };
    patch(fs, ['renameSync', 'rmSync', 'mkdirSync', 'writeSync', 'copyFileSync', 'fsyncSync']);
    patch(fs, ['openSync'], opensToWrite);
    patch(promises, ['rename', 'rm', 'mkdir', 'mkdtemp']);
    const someFile = await promises.open('/dev/null');
    patch(Object.getPrototypeOf(someFile) as object, ['writeFile', 'write', 'sync']);
    await someFile.close();
    patch(promises, ['open'], opensToWrite);
    patch(DatabaseSync.prototype, ['exec'], isChange);
    patch(StatementSync.prototype, ['run']);
    syncBuiltinESMExports();
    return () => count;
}

function die(): never {
    process.kill(process.pid, 'SIGKILL');
    throw new Error('unreachable');
}
