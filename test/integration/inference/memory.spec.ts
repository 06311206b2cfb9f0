// What happens when memory runs out for real: the kernel's limit on one process, and its out-of-memory killer in a cgroup.
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InferenceError } from '../../../service/inference/errors.ts';
import { builtWorker, hear, openRig, question, slowest } from './support.ts';

const problem = (name: InferenceError['problem']) => jasmine.objectContaining({ problem: name });
const nodeArgv = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;
/** So many tokens of this shape take gigabytes; with the usual context it takes some ten megabytes. */
const shape = { contextTokens: 1_048_576, layers: 8, width: 256 };

type Limited = AsyncDisposable & { folder: string; kills: () => Promise<number> };

/** A cgroup (cgroups(7), version 1 or 2) with so many bytes of memory; null where none may be made. */
async function limitMemory(bytes: number): Promise<Limited | null> {
    const name = `reeve-test-${process.pid}`;
    const kinds = [
        { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', told: 'memory.oom_control' },
        { root: '/sys/fs/cgroup', limit: 'memory.max', told: 'memory.events' },
    ];
    for (const { root, limit, told } of kinds) {
        const folder = join(root, name);
        try {
            await mkdir(folder);
        } catch {
            continue;
        }
        try {
            await writeFile(join(folder, limit), String(bytes));
        } catch {
            await rmdir(folder);
            continue;
        }
        return {
            folder,
            kills: async () => Number(/^oom_kill (\d+)$/m.exec(await readFile(join(folder, told), 'utf8'))?.[1]),
            [Symbol.asyncDispose]: () => rmdir(folder),
        };
    }
    return null;
}

describe('A model that needs more memory than there is', () => {
    it(
        'fails with words that say so, when it asks in vain',
        async () => {
            // V8 alone reserves two thirds of it (setrlimit(2), RLIMIT_DATA).
            const program = { node: 'prlimit', flags: ['--data=740000000', ...nodeArgv], script: await builtWorker() };
            await using rig = await openRig({ program });
            const model = { ...(await rig.writeModel(shape)), contextTokens: shape.contextTokens };

            await expectAsync(hear(rig.backend.chat(question(model)))).toBeRejectedWith(problem('OutOfMemory'));

            expect(rig.backend.status.state).toBe('failed');
            expect(rig.backend.status.problem).toContain('tiny');
            const small = await rig.writeModel({}, 'small');
            expect((await hear(rig.backend.chat(question(small)))).text).not.toBe('');
        },
        slowest,
    );

    it(
        'costs its process and no other, when the kernel has to choose',
        async () => {
            await using limited = await limitMemory(250_000_000);
            if (limited === null) {
                pending('no cgroup with a limit of memory may be made here');
                return;
            }
            const enter = ['-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', limited.folder];
            const program = { node: 'sh', flags: [...enter, ...nodeArgv], script: await builtWorker() };
            await using rig = await openRig({ program });
            const model = { ...(await rig.writeModel(shape)), contextTokens: shape.contextTokens };

            await expectAsync(hear(rig.backend.chat(question(model)))).toBeRejectedWith(problem('WorkerCrashed'));

            expect(await limited.kills()).toBe(1);
            const small = await rig.writeModel({}, 'small');
            expect((await hear(rig.backend.chat(question(small)))).text).not.toBe('');
        },
        slowest,
    );
});
