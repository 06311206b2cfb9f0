import * as z from 'zod';

import { ReeveError } from '../../../service/util/errors.ts';
import { parseJson, run } from '../../../service/machine/run.ts';

const never = new AbortController().signal;

describe('A program that only reads', () => {
    it('gives what it printed, whatever its exit status', async () => {
        expect(await run('printf', ['a b'], { signal: never })).toBe('a b');
        expect(await run('sh', ['-c', 'echo nothing found; exit 1'], { signal: never })).toBe('nothing found\n');
    });

    it('gives what it complained of when it is asked for that and failed, and else nothing', async () => {
        const options = { signal: never, onlyFailing: true };
        expect(await run('sh', ['-c', 'echo a; echo b >&2; exit 1'], options)).toBe('a\nb\n');
        expect(await run('sh', ['-c', 'echo a; echo b >&2'], options)).toBe('');
    });

    it('that failed, said nothing and complained has not answered, where that matters', async () => {
        const options = { signal: never, silentIsError: true };
        await expectAsync(run('sh', ['-c', 'echo b >&2; exit 1'], options)).toBeRejectedWithError(ReeveError);
        expect(await run('sh', ['-c', 'exit 1'], options)).toBe('');
        expect(await run('sh', ['-c', 'echo a; echo b >&2; exit 100'], options)).toBe('a\n');
        expect(await run('sh', ['-c', 'echo b >&2'], options)).toBe('');
    });

    it('that is not installed is no error', async () => {
        expect(await run('reeve-has-no-such-program', [], { signal: never })).toBeNull();
    });

    it('gets its arguments as they are: no shell reads them', async () => {
        expect(await run('printf', ['%s', '$(id); `id` *'], { signal: never })).toBe('$(id); `id` *');
    });

    it('is killed when it takes too long or prints too much, and that is a typed error', async () => {
        await expectAsync(run('sleep', ['60'], { signal: never, timeout: 10 })).toBeRejectedWithError(ReeveError);
        await expectAsync(run('yes', [], { signal: never, limit: 100 })).toBeRejectedWithError(ReeveError);
    });

    it('is killed when it is no longer wanted', async () => {
        const controller = new AbortController();
        const running = run('sleep', ['60'], { signal: controller.signal });
        controller.abort(new Error('enough'));
        await expectAsync(running).toBeRejectedWithError('enough');
    });

    it('is believed only what it was expected to print', () => {
        const schema = z.array(z.object({ a: z.number() }));
        expect(parseJson('ip', schema, '[{"a": 1}]')).toEqual([{ a: 1 }]);
        expect(parseJson('ip', schema, '\n')).toEqual([]);
        expect(() => parseJson('ip', schema, '[{"a": "1"}]')).toThrowError(ReeveError);
        expect(() => parseJson('ip', schema, 'Usage: ip')).toThrowError(ReeveError);
    });
});
